import { ScrollPage } from "../../../components/frame/scroll-page.tsx";
import { AgentList } from "../../../components/tenant/agent-list.tsx";
import { processApi } from "../../../src/api/process-api.ts";

export const metadata = { title: "Agents" };

export default function AgentsPage() {
  return (
    <ScrollPage narrow>
      <AgentList websiteUrl={processApi().websiteUrl} />
    </ScrollPage>
  );
}
