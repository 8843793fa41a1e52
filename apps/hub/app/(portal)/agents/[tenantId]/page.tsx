import { ChatRoom } from "../../../../components/chat/chat-room.tsx";
import { readOwnTenant } from "../../../../components/tenant/read-own-tenant.ts";

export const metadata = { title: "Chat" };

export default async function ChatPage({ params }: { params: Promise<{ tenantId: string }> }) {
  const tenant = await readOwnTenant((await params).tenantId);
  if (!tenant) return null;
  return (
    <main id="main" className="flex min-h-0 flex-1 flex-col">
      <h1 className="sr-only">Chat with {tenant.name}</h1>
      <ChatRoom tenantId={tenant.id} agentName="Your agent" />
    </main>
  );
}
