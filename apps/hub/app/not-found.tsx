import { Card } from "@berth/ui";
import Link from "next/link";

export const metadata = { title: "Not found" };

export default function NotFoundPage() {
  return (
    <main id="main" className="mx-auto max-w-md px-5 py-20">
      <Card>
        <h1 className="text-2xl font-semibold">There is no such page</h1>
        <p className="mt-2 mb-5 text-soft">The address is wrong, or what was here is not yours to see.</p>
        <Link href="/" className="font-medium text-accent underline underline-offset-4">
          Go to your agents
        </Link>
      </Card>
    </main>
  );
}
