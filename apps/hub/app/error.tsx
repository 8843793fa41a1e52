"use client";

import { Button, Callout, Card } from "@berth/ui";

export default function ErrorPage({ reset }: { reset: () => void }) {
  return (
    <main id="main" className="mx-auto max-w-md px-5 py-20">
      <Card>
        <h1 className="mb-4 text-2xl font-semibold">This page broke</h1>
        <Callout tone="bad">Nothing was changed by it. If it happens again, write to us and say what you did.</Callout>
        <Button onClick={reset} className="mt-5">
          Load it again
        </Button>
      </Card>
    </main>
  );
}
