export { listPlans } from "./list-plans.ts";
export { planOf, plans } from "./plans.ts";
