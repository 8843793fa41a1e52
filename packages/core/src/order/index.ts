export { advanceOrder } from "./advance-order.ts";
export { confirmPayment, type PaymentOutcome } from "./confirm-payment.ts";
export { createOrder } from "./create-order.ts";
export { getOrder } from "./get-order.ts";
export { listOrders } from "./list-orders.ts";
export { retryOrder } from "./retry-order.ts";
export { sendOrderMail } from "./send-order-mail.ts";
export { syncCheckout } from "./sync-checkout.ts";
export { isAllowed, transitions } from "./transitions.ts";
