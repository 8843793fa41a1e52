import type { OrderState } from "@berth/contracts";
import { Badge, orderStateWords, type Tone } from "@berth/ui";
import { CircleCheck, CirclePause, LoaderCircle, type LucideIcon, TriangleAlert } from "lucide-react";

const resting: Partial<Record<OrderState, { tone: Tone; icon: LucideIcon }>> = {
  ACTIVE: { tone: "good", icon: CircleCheck },
  FAILED: { tone: "bad", icon: TriangleAlert },
  SUSPENDED: { tone: "warn", icon: CirclePause },
  CANCELLED: { tone: "neutral", icon: CirclePause },
};

/** The state of an order; all that do not rest are on their way. */
export function OrderBadge({ state }: { state: OrderState }) {
  const { tone, icon: Icon } = resting[state] ?? { tone: "accent" as const, icon: LoaderCircle };
  return (
    <Badge tone={tone} icon={<Icon className="size-3.5" aria-hidden="true" />}>
      {orderStateWords[state]}
    </Badge>
  );
}
