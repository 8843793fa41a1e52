"use client";

import { Badge } from "@berth/ui";
import { CircleCheck, LoaderCircle, Unplug } from "lucide-react";
import { useTenantLink } from "../link/tenant-link-provider.tsx";
import { useChat } from "./chat-provider.tsx";

/** Whether what one writes arrives: the line to Berth, and beyond it the agent's own. */
export function ConnectionLine() {
  const { state: link } = useTenantLink();
  const { agentLinked } = useChat().state;
  return (
    <div role="status" className="flex">
      {statusOf(link, agentLinked)}
    </div>
  );
}

function statusOf(link: "connecting" | "connected" | "reconnecting", agentLinked: boolean | null) {
  if (link === "connected" && agentLinked) {
    return (
      <Badge tone="good" icon={<CircleCheck className="size-3.5" aria-hidden="true" />}>
        Connected
      </Badge>
    );
  }
  if (link === "connected" && agentLinked === false) {
    return (
      <Badge tone="warn" icon={<Unplug className="size-3.5" aria-hidden="true" />}>
        Agent offline
      </Badge>
    );
  }
  return (
    <Badge tone="neutral" icon={<LoaderCircle className="size-3.5 animate-spin" aria-hidden="true" />}>
      {link === "reconnecting" ? "Reconnecting" : "Connecting"}
    </Badge>
  );
}
