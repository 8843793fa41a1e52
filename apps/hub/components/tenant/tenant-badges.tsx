import type { Isolation, Tenant } from "@berth/contracts";
import { Badge, type Tone } from "@berth/ui";
import { CircleCheck, CircleHelp, type LucideIcon, ShieldOff, TriangleAlert, Unplug } from "lucide-react";

const health: Record<Tenant["health"], { tone: Tone; word: string; icon: LucideIcon }> = {
  healthy: { tone: "good", word: "Healthy", icon: CircleCheck },
  degraded: { tone: "warn", word: "Tools off", icon: TriangleAlert },
  offline: { tone: "bad", word: "Offline", icon: Unplug },
  unknown: { tone: "neutral", word: "Not heard from yet", icon: CircleHelp },
};

export function HealthBadge({ value }: { value: Tenant["health"] }) {
  const { tone, word, icon: Icon } = health[value];
  return (
    <Badge tone={tone} icon={<Icon className="size-3.5" aria-hidden="true" />}>
      {word}
    </Badge>
  );
}

/** Marks what runs without a server of its own, on every screen that shows it. */
export function IsolationBadge({ isolation }: { isolation: Isolation }) {
  if (isolation === "machine") return null;
  return (
    <Badge tone="grave" icon={<ShieldOff className="size-3.5" aria-hidden="true" />}>
      Without isolation
    </Badge>
  );
}
