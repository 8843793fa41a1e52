import type { ActClass } from "@berth/contracts";
import type { Tone } from "@berth/ui";
import { Eye, type LucideIcon, OctagonAlert, PencilLine, Send, TriangleAlert } from "lucide-react";

/** How a class of act is shown: colour, word and icon together, and what it means in a sentence. */
export const actClasses: Record<ActClass, { tone: Tone; word: string; icon: LucideIcon; meaning: string }> = {
  green: { tone: "good", word: "Green", icon: Eye, meaning: "Looks, and changes nothing." },
  yellow: { tone: "warn", word: "Yellow", icon: PencilLine, meaning: "Changes something that can be undone." },
  yellow_external: {
    tone: "warn",
    word: "Yellow, external",
    icon: Send,
    meaning: "People outside can see it.",
  },
  red: { tone: "bad", word: "Red", icon: TriangleAlert, meaning: "Deletes, overwrites, spends or changes access." },
  critical_red: {
    tone: "grave",
    word: "Critical Red",
    icon: OctagonAlert,
    meaning: "Cannot be undone for your whole server, or touches what keeps it safe.",
  },
};

/** From Red on, one press is not enough. */
export const needsConfirmation = (actClass: ActClass): boolean => actClass === "red" || actClass === "critical_red";
