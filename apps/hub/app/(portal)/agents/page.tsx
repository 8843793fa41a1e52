import { AgentList } from "../../../components/tenant/agent-list.tsx";
import { processApi } from "../../../src/api/process-api.ts";

export const metadata = { title: "Agents" };

export default function AgentsPage() {
  return (
    <main id="main" className="mx-auto w-full max-w-3xl flex-1 px-4 py-6 sm:px-6 sm:py-8">
      <AgentList websiteUrl={processApi().websiteUrl} />
    </main>
  );
}
