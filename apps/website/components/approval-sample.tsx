import { Badge } from "@berth/ui";
import { TriangleAlert } from "lucide-react";

/** What an approval looks like, as a picture: nothing in it can be pressed. */
export function ApprovalSample() {
  return (
    <figure className="rounded-card border border-line bg-surface p-5 shadow-card">
      <div className="flex items-center justify-between gap-3">
        <p className="font-semibold">Your agent asks</p>
        <Badge tone="bad" icon={<TriangleAlert className="size-3.5" aria-hidden="true" />}>
          Red: deletes data
        </Badge>
      </div>
      <pre className="mt-4 overflow-x-auto rounded-control bg-sunken p-3 font-mono text-sm">rm -r invoices/2019</pre>
      <dl className="mt-4 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 text-sm">
        <dt className="text-faint">Why it asks</dt>
        <dd>It deletes a folder. There is no way back.</dd>
        <dt className="text-faint">Reaches</dt>
        <dd>The workspace on your server</dd>
        <dt className="text-faint">Waits until</dt>
        <dd>tomorrow, 09:14</dd>
      </dl>
      <div className="mt-5 flex gap-2" aria-hidden="true">
        <span className="rounded-control bg-accent px-4 py-2 text-sm font-medium text-on-accent">Approve once</span>
        <span className="rounded-control border border-line-strong px-4 py-2 text-sm font-medium">Deny</span>
      </div>
      <figcaption className="sr-only">Example of an approval request</figcaption>
    </figure>
  );
}
