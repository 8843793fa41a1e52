import type { ChatFact, HubEvent, PortalDownFrame, TenantDownFrame, TenantId } from "@berth/contracts";

export interface TenantLine {
  tenantId: TenantId;
  send(frame: TenantDownFrame): void;
  /** A newer link of the same tenant takes over. */
  replace(): void;
  /** Look for commands that wait. */
  pushCommands(): void;
}

export interface PortalLine {
  tenantId: TenantId;
  organizationId: string;
  send(frame: PortalDownFrame): void;
  close(code: number, reason: string): void;
}

/** Who is connected now, and who hears whom. It keeps nothing: each link brings everything back when it reconnects. */
export class Switchboard {
  readonly #tenants = new Map<TenantId, TenantLine>();
  readonly #portals = new Set<PortalLine>();

  /** One live line per tenant: the newer one wins, for the older may be a connection that died without a word. */
  addTenant(line: TenantLine): void {
    const older = this.#tenants.get(line.tenantId);
    this.#tenants.set(line.tenantId, line);
    older?.replace();
    this.#toPortalsOf(line.tenantId, { type: "agent.link", connected: true });
  }

  removeTenant(line: TenantLine): void {
    if (this.#tenants.get(line.tenantId) !== line) return; // replaced meanwhile
    this.#tenants.delete(line.tenantId);
    this.#toPortalsOf(line.tenantId, { type: "agent.link", connected: false });
  }

  addPortal(line: PortalLine): void {
    this.#portals.add(line);
    line.send({ type: "agent.link", connected: this.#tenants.has(line.tenantId) });
  }

  removePortal(line: PortalLine): void {
    this.#portals.delete(line);
  }

  /** False if the tenant is not connected here. */
  toTenant(tenantId: TenantId, frame: TenantDownFrame): boolean {
    const line = this.#tenants.get(tenantId);
    line?.send(frame);
    return line !== undefined;
  }

  /** Every browser that looks at this tenant sees the same conversation. */
  chatFact(tenantId: TenantId, fact: ChatFact): void {
    this.#toPortalsOf(tenantId, fact);
  }

  /** Only the browsers of the organisation that the event belongs to hear of it. */
  hubEvent(event: HubEvent): void {
    for (const line of this.#portals) if (line.organizationId === event.organizationId) line.send(event);
  }

  commandWaits(tenantId: TenantId): void {
    this.#tenants.get(tenantId)?.pushCommands();
  }

  pushAllCommands(): void {
    for (const line of this.#tenants.values()) line.pushCommands();
  }

  closePortals(code: number, reason: string): void {
    for (const line of this.#portals) line.close(code, reason);
  }

  #toPortalsOf(tenantId: TenantId, frame: PortalDownFrame): void {
    for (const line of this.#portals) if (line.tenantId === tenantId) line.send(frame);
  }
}
