import type { ActClass } from "@berth/contracts";
import { Badge } from "@berth/ui";
import { actClasses } from "./act-classes.ts";

export function ActClassBadge({ actClass }: { actClass: ActClass }) {
  const { tone, word, icon: Icon } = actClasses[actClass];
  return (
    <Badge tone={tone} icon={<Icon className="size-3.5" aria-hidden="true" />}>
      {word}
    </Badge>
  );
}
