/** Minor units as people read them, e.g. `€49.00`. */
export const moneyOf = (minor: number, currency: string): string =>
  new Intl.NumberFormat("en-IE", { style: "currency", currency: currency.toUpperCase() }).format(minor / 100);
