import { OrderList } from "../../../../components/admin/order-list.tsx";

export const metadata = { title: "Orders" };

export default function AdminOrdersPage() {
  return <OrderList />;
}
