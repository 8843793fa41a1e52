import { ButtonLink } from "@berth/ui";
import { FormFrame } from "../components/form-frame.tsx";

export const metadata = { title: "Not found" };

export default function NotFoundPage() {
  return (
    <FormFrame title="There is no such page" lead="The address is wrong, or the page has moved.">
      <ButtonLink href="/">Go to the start</ButtonLink>
    </FormFrame>
  );
}
