export { createTicket } from "./create-ticket.ts";
export { type PortalLink, redeemTicket } from "./redeem-ticket.ts";
