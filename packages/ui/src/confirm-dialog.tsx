"use client";

import { AlertDialog } from "@base-ui/react/alert-dialog";
import type { ReactNode } from "react";
import { Button } from "./button.tsx";

export interface ConfirmDialogProps {
  open: boolean;
  title: string;
  children: ReactNode;
  /** Says the act itself ("Run it once"), never just "OK". */
  confirmLabel: string;
  kind?: "primary" | "danger";
  onConfirm: () => void;
  onCancel: () => void;
}

/** Asks once more before something that cannot be taken back. Escape is "no". */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { open, title, children, confirmLabel, kind = "danger", onConfirm, onCancel } = props;
  return (
    <AlertDialog.Root open={open} onOpenChange={(next) => (next ? undefined : onCancel())}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="fixed inset-0 z-40 bg-black/50" />
        <AlertDialog.Popup className="fixed top-1/2 left-1/2 z-50 grid max-h-[90dvh] w-[min(32rem,calc(100vw-2rem))] -translate-x-1/2 -translate-y-1/2 gap-4 overflow-y-auto rounded-card border border-line bg-surface p-6 shadow-card">
          <AlertDialog.Title className="text-lg font-semibold">{title}</AlertDialog.Title>
          <AlertDialog.Description render={<div />} className="grid min-w-0 gap-3 text-sm text-soft">
            {children}
          </AlertDialog.Description>
          <div className="flex flex-wrap justify-end gap-2">
            <Button kind="quiet" onClick={onCancel}>
              Go back
            </Button>
            <Button kind={kind} onClick={onConfirm}>
              {confirmLabel}
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
