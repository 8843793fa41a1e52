"use client";

import { hubProblemOf } from "@berth/api-client";
import type { HubEvent, PortalDownFrame, PortalUpFrame, TenantId } from "@berth/contracts";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from "react";
import { createRealtimeTicket } from "../hub-api/portal-calls.ts";
import { leftForSignIn } from "../hub-api/use-read.ts";
import { type LinkState, TenantLink } from "./tenant-link.ts";

type FrameListener = (frame: PortalDownFrame) => void;

interface LinkContext {
  state: LinkState;
  send: (frame: PortalUpFrame) => boolean;
  /** Hears every frame from now on; answers how to stop. */
  listen: (listener: FrameListener) => () => void;
}

const Link = createContext<LinkContext | null>(null);

/** Keeps the line to one tenant open for all pages below. */
export function TenantLinkProvider({ tenantId, children }: { tenantId: TenantId; children: ReactNode }) {
  const [state, setState] = useState<LinkState>("connecting");
  const listeners = useRef(new Set<FrameListener>());
  const link = useRef<TenantLink | null>(null);
  useEffect(() => {
    const opened = new TenantLink({
      getTicket: () => createRealtimeTicket(tenantId),
      openSocket: (url) => new WebSocket(url),
      onState: setState,
      onFrame: (frame) => {
        for (const listener of listeners.current) listener(frame);
      },
      onProblem: (thrown) => void leftForSignIn(hubProblemOf(thrown)),
      random: Math.random,
      after: (ms, call) => {
        const timer = setTimeout(call, ms);
        return () => clearTimeout(timer);
      },
    });
    link.current = opened;
    const retry = (): void => {
      if (!document.hidden) opened.retryNow();
    };
    opened.start();
    window.addEventListener("online", retry);
    document.addEventListener("visibilitychange", retry);
    return () => {
      window.removeEventListener("online", retry);
      document.removeEventListener("visibilitychange", retry);
      link.current = null;
      opened.stop();
    };
  }, [tenantId]);
  const send = useCallback((frame: PortalUpFrame): boolean => link.current?.send(frame) ?? false, []);
  const listen = useCallback((listener: FrameListener) => {
    listeners.current.add(listener);
    return () => void listeners.current.delete(listener);
  }, []);
  const value = useMemo<LinkContext>(() => ({ state, send, listen }), [state, send, listen]);
  return <Link.Provider value={value}>{children}</Link.Provider>;
}

export function useTenantLink(): LinkContext {
  const link = useContext(Link);
  if (!link) throw new Error("useTenantLink belongs below a TenantLinkProvider");
  return link;
}

/** Calls `reload` when the Hub says that something of this kind changed, and when the line is back after a gap. */
export function useReloadOnChange(entity: HubEvent["entity"], reload: () => void): void {
  const { listen, state } = useTenantLink();
  useEffect(
    () =>
      listen((frame) => {
        if (frame.type === "changed" && frame.entity === entity) reload();
      }),
    [listen, entity, reload],
  );
  useEffect(() => {
    if (state === "connected") reload();
  }, [state, reload]);
}
