// Generated from docs/api/openapi.json by `npm run openapi`; do not edit.

export interface paths {
  "/api/admin/v1/audit": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The audit log, newest first */
    get: {
      parameters: {
        query?: {
          cursor?: string;
          entityId?: string;
          limit?: number;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description A page of the log */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              items: components["schemas"]["AuditEntry"][];
              nextCursor: string | null;
            };
          };
        };
        /** @description A problem (RFC 9457) */
        default: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/admin/v1/orders": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** All orders, newest first */
    get: {
      parameters: {
        query?: {
          cursor?: string;
          limit?: number;
          state?:
            | "PENDING_PAYMENT"
            | "PAYMENT_CONFIRMED"
            | "SERVER_REQUESTED"
            | "SERVER_READY"
            | "DNS_PENDING"
            | "DNS_READY"
            | "PROVISIONING"
            | "REGISTERED"
            | "ACTIVE"
            | "FAILED"
            | "SUSPENDED"
            | "CANCELLING"
            | "CANCELLED";
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description A page of orders */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              items: components["schemas"]["Order"][];
              nextCursor: string | null;
            };
          };
        };
        /** @description A problem (RFC 9457) */
        default: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/admin/v1/orders/{orderId}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** One order with its journal */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          orderId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The order */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Order"];
          };
        };
        /** @description A problem (RFC 9457) */
        default: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/admin/v1/orders/{orderId}/retry": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Let a failed order go on from the step that failed */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          orderId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The order, on its way again */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Order"];
          };
        };
        /** @description A problem (RFC 9457) */
        default: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/admin/v1/tenants": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** All tenants, newest first */
    get: {
      parameters: {
        query?: {
          cursor?: string;
          limit?: number;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description A page of tenants */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              items: components["schemas"]["Tenant"][];
              nextCursor: string | null;
            };
          };
        };
        /** @description A problem (RFC 9457) */
        default: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/healthz": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The process is alive; nothing else is asked */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Alive */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              ok: true;
            };
          };
        };
        /** @description A problem (RFC 9457) */
        default: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/portal/v1/approvals/{approvalId}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** One approval: what exactly would run */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          approvalId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The approval */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Approval"];
          };
        };
        /** @description A problem (RFC 9457) */
        default: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/portal/v1/approvals/{approvalId}/decision": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Approve or deny; the first word counts, a later one is answered 409 */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          approvalId: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": components["schemas"]["DecideApprovalInput"];
        };
      };
      responses: {
        /** @description The decided approval */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Approval"];
          };
        };
        /** @description A problem (RFC 9457) */
        default: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/portal/v1/billing-portal": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** The payment provider's page for invoices, cards and cancelling */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Where to go */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** Format: uri */
              url: string;
            };
          };
        };
        /** @description A problem (RFC 9457) */
        default: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/portal/v1/found-secrets/{foundId}/dismiss": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Let the server forget it */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          foundId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The server is told */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["FoundSecret"];
          };
        };
        /** @description A problem (RFC 9457) */
        default: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/portal/v1/found-secrets/{foundId}/keep": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Put it into the vault under this name, bound to nothing: each use asks */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          foundId: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": components["schemas"]["KeepFoundSecretInput"];
        };
      };
      responses: {
        /** @description The server is told */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["FoundSecret"];
          };
        };
        /** @description A problem (RFC 9457) */
        default: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/portal/v1/realtime-ticket": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** A ticket that opens one WebSocket to a tenant, within a minute */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            tenantId: string;
          };
        };
      };
      responses: {
        /** @description The ticket */
        201: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["RealtimeTicket"];
          };
        };
        /** @description A problem (RFC 9457) */
        default: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/portal/v1/tenants": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The organisation's agents' servers, newest first */
    get: {
      parameters: {
        query?: {
          cursor?: string;
          limit?: number;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description A page of tenants */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              items: components["schemas"]["Tenant"][];
              nextCursor: string | null;
            };
          };
        };
        /** @description A problem (RFC 9457) */
        default: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/portal/v1/tenants/{tenantId}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** One tenant */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          tenantId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The tenant */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Tenant"];
          };
        };
        /** @description A problem (RFC 9457) */
        default: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/portal/v1/tenants/{tenantId}/approvals": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Approvals of a tenant, newest first */
    get: {
      parameters: {
        query?: {
          cursor?: string;
          limit?: number;
          state?: "pending" | "approved" | "denied" | "expired" | "cancelled" | "superseded";
        };
        header?: never;
        path: {
          tenantId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description A page of approvals */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              items: components["schemas"]["Approval"][];
              nextCursor: string | null;
            };
          };
        };
        /** @description A problem (RFC 9457) */
        default: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/portal/v1/tenants/{tenantId}/found-secrets": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Values that a tenant's server found and its vault does not know, newest first; never the values */
    get: {
      parameters: {
        query?: {
          cursor?: string;
          limit?: number;
          show?: "open" | "settled";
        };
        header?: never;
        path: {
          tenantId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description A page of found secrets */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              items: components["schemas"]["FoundSecret"][];
              nextCursor: string | null;
            };
          };
        };
        /** @description A problem (RFC 9457) */
        default: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/portal/v1/tenants/{tenantId}/secret-names": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The names of the secrets in a tenant's vault, as its server said last */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          tenantId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The names */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["SecretNames"];
          };
        };
        /** @description A problem (RFC 9457) */
        default: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/portal/v1/tenants/{tenantId}/usage": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Tokens used in the running billing period */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          tenantId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The usage */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["UsageSummary"];
          };
        };
        /** @description A problem (RFC 9457) */
        default: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/public/v1/me": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Who is signed in */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The person behind the session */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Me"];
          };
        };
        /** @description A problem (RFC 9457) */
        default: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/public/v1/orders": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The organisation's orders, newest first */
    get: {
      parameters: {
        query?: {
          cursor?: string;
          limit?: number;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description A page of orders */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              items: components["schemas"]["Order"][];
              nextCursor: string | null;
            };
          };
        };
        /** @description A problem (RFC 9457) */
        default: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    /** Order a plan, or take up the unpaid order of the same plan */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": components["schemas"]["CreateOrderInput"];
        };
      };
      responses: {
        /** @description The order, and where to pay */
        201: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["CreateOrderResult"];
          };
        };
        /** @description A problem (RFC 9457) */
        default: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/public/v1/orders/{orderId}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** One order with its journal */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          orderId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The order */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Order"];
          };
        };
        /** @description A problem (RFC 9457) */
        default: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/public/v1/orders/{orderId}/sync": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Ask the payment provider itself whether the order is paid */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          orderId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The order as it stands now */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["Order"];
          };
        };
        /** @description A problem (RFC 9457) */
        default: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/public/v1/plans": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Plans on sale, cheapest first */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The plans */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              items: components["schemas"]["Plan"][];
              nextCursor: string | null;
            };
          };
        };
        /** @description A problem (RFC 9457) */
        default: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/readyz": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The process can serve: its database answers */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Ready */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {boolean} */
              ok: true;
            };
          };
        };
        /** @description A problem (RFC 9457) */
        default: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/tenant/v1/approvals": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** A call that waits for the customer's word */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": components["schemas"]["ReportApprovalInput"];
        };
      };
      responses: {
        /** @description Kept */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              approvalId: string;
            };
          };
        };
        /** @description A problem (RFC 9457) */
        default: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/tenant/v1/approvals/{approvalId}/outcome": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** What became of an approval on the server */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          approvalId: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": components["schemas"]["ReportApprovalOutcomeInput"];
        };
      };
      responses: {
        /** @description Kept */
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
        /** @description A problem (RFC 9457) */
        default: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/tenant/v1/commands": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Signed commands after a sequence number, in order */
    get: {
      parameters: {
        query?: {
          after?: number | null;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description The commands */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["ListCommandsResult"];
          };
        };
        /** @description A problem (RFC 9457) */
        default: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/tenant/v1/commands/ack": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Every command up to this number is stored on the server */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": components["schemas"]["AcknowledgeCommandsInput"];
        };
      };
      responses: {
        /** @description Kept */
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
        /** @description A problem (RFC 9457) */
        default: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/tenant/v1/enrol": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Trade a one-time token for an identity; the same token and key get the same answer again */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": components["schemas"]["EnrolInput"];
        };
      };
      responses: {
        /** @description The identity */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["EnrolResult"];
          };
        };
        /** @description A problem (RFC 9457) */
        default: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/tenant/v1/found-secrets": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** A value that looks like a secret and that the vault does not know: its looks, never the value */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": components["schemas"]["ReportFoundSecretInput"];
        };
      };
      responses: {
        /** @description Kept */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              foundId: string;
            };
          };
        };
        /** @description A problem (RFC 9457) */
        default: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/tenant/v1/found-secrets/{foundId}/outcome": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** What became of a found value on the server */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          foundId: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": components["schemas"]["ReportFoundSecretOutcomeInput"];
        };
      };
      responses: {
        /** @description Kept */
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
        /** @description A problem (RFC 9457) */
        default: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/tenant/v1/heartbeat": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Facts about the server and its gate */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": components["schemas"]["HeartbeatInput"];
        };
      };
      responses: {
        /** @description What waits */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": components["schemas"]["HeartbeatResult"];
          };
        };
        /** @description A problem (RFC 9457) */
        default: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/tenant/v1/secret-names": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** The names of the secrets in the vault, all of them, after each change */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": components["schemas"]["ReportSecretNamesInput"];
        };
      };
      responses: {
        /** @description Kept */
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
        /** @description A problem (RFC 9457) */
        default: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/tenant/v1/usage": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /** Hourly totals; sending them again changes nothing */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": components["schemas"]["ReportUsageInput"];
        };
      };
      responses: {
        /** @description How many totals are new or went up */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              changed: number;
            };
          };
        };
        /** @description A problem (RFC 9457) */
        default: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/webhooks/stripe": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Events of Stripe; the signature covers the raw body */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** @description Kept, to be worked later */
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/json": {
              /** @enum {string} */
              result: "stored" | "duplicate";
            };
          };
        };
        /** @description A problem (RFC 9457) */
        default: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            "application/problem+json": components["schemas"]["Problem"];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    AcknowledgeCommandsInput: {
      upToSeq: number;
    };
    Approval: {
      /** @enum {string} */
      actClass: "green" | "yellow" | "yellow_external" | "red" | "critical_red";
      agent: string;
      argumentsRedacted: {
        [key: string]: unknown;
      };
      argumentsSha256: string;
      blastRadius: string;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      decidedAt: string | null;
      decidedBy: string | null;
      /** Format: date-time */
      executedAt: string | null;
      /** @enum {string|null} */
      execution: "succeeded" | "failed" | null;
      /** Format: date-time */
      expiresAt: string;
      id: string;
      note: string | null;
      reason: string;
      reversible: boolean;
      rules: string[];
      secretNames: string[];
      sessionKey: string;
      /** @enum {string} */
      state: "pending" | "approved" | "denied" | "expired" | "cancelled" | "superseded";
      tenantId: string;
      tool: string;
    };
    AuditEntry: {
      action: string;
      actorId: string | null;
      actorKind: string;
      /** Format: date-time */
      at: string;
      chain: string;
      details: {
        [key: string]: unknown;
      };
      entity: string;
      entityId: string;
      hash: string;
      id: string;
      organizationId: string | null;
      position: number;
    };
    CreateOrderInput: {
      /** @enum {string} */
      planId: "starter" | "team";
    };
    CreateOrderResult: {
      /** Format: uri */
      checkoutUrl: string | null;
      order: {
        /** Format: date-time */
        createdAt: string;
        failureReason: string | null;
        id: string;
        /** @enum {string} */
        planId: "starter" | "team";
        /** @enum {string} */
        state:
          | "PENDING_PAYMENT"
          | "PAYMENT_CONFIRMED"
          | "SERVER_REQUESTED"
          | "SERVER_READY"
          | "DNS_PENDING"
          | "DNS_READY"
          | "PROVISIONING"
          | "REGISTERED"
          | "ACTIVE"
          | "FAILED"
          | "SUSPENDED"
          | "CANCELLING"
          | "CANCELLED";
        steps: {
          attempt: number;
          /** Format: date-time */
          finishedAt: string | null;
          reason: string | null;
          /** Format: date-time */
          startedAt: string;
          /** @enum {string} */
          state:
            | "PENDING_PAYMENT"
            | "PAYMENT_CONFIRMED"
            | "SERVER_REQUESTED"
            | "SERVER_READY"
            | "DNS_PENDING"
            | "DNS_READY"
            | "PROVISIONING"
            | "REGISTERED"
            | "ACTIVE"
            | "FAILED"
            | "SUSPENDED"
            | "CANCELLING"
            | "CANCELLED";
          /** @enum {string} */
          status: "running" | "succeeded" | "failed";
        }[];
        tenantId: string | null;
        /** Format: date-time */
        updatedAt: string;
      };
    };
    DecideApprovalInput: {
      /** @enum {string} */
      decision: "approved" | "denied";
      note?: string;
    };
    EnrolInput: {
      /** @enum {string} */
      isolation: "machine" | "process";
      publicKey: string;
      tenantId?: string;
      token: string;
      versions: {
        agent: string;
        egressProxy: string | null;
        node: string;
        openclaw: string | null;
        safetyWrapper: string | null;
      };
    };
    EnrolResult: {
      heartbeatIntervalMs: number;
      hubKeys: {
        kid: string;
        publicKey: string;
      }[];
      keyId: string;
      tenantId: string;
    };
    FoundSecret: {
      agent: string;
      /** Format: date-time */
      decidedAt: string | null;
      decidedBy: string | null;
      /** Format: date-time */
      expiresAt: string;
      /** Format: date-time */
      foundAt: string;
      id: string;
      length: number;
      name: string | null;
      problem: string | null;
      rule: string;
      seenIn:
        | {
            /** @enum {string} */
            kind: "tool";
            tool: string;
          }
        | {
            /** @enum {string} */
            kind: "chat";
          };
      sessionKey: string;
      /** Format: date-time */
      settledAt: string | null;
      /** @enum {string} */
      state: "waiting" | "keeping" | "dismissing" | "kept" | "dismissed" | "expired";
      suggestedName: string;
      tenantId: string;
      vendor: string;
      what: string;
    };
    HeartbeatInput: {
      bootId: string;
      budget: {
        tokensPerMonth: number | null;
        tokensUsedThisMonth: number;
      };
      disk?: {
        freeMb: number;
        /** Format: date-time */
        since: string;
        /** @enum {string} */
        state: "ok" | "low" | "full";
      };
      egress?: {
        recent: {
          /** @enum {string} */
          client: "gateway" | "executor";
          count: number;
          host: string;
          /** Format: date-time */
          lastAt: string;
          /** @enum {string} */
          reason:
            | "not_listed"
            | "port"
            | "address"
            | "unreadable"
            | "secret_in_name"
            | "private_address"
            | "no_greeting"
            | "other_server"
            | "hidden_server"
            | "method"
            | "not_ready"
            | "abandoned"
            | "no_address"
            | "unreachable";
        }[];
        refusedTotal: number;
      } | null;
      gate: {
        reason: string | null;
        /** Format: date-time */
        testedAt: string;
        verified: boolean;
      };
      load: {
        diskFreeMb: number;
        load1: number;
        memoryTotalMb: number;
        memoryUsedMb: number;
      };
      openApprovals: number;
      policyProblem?: string | null;
      policyVersion: number;
      /** Format: date-time */
      sentAt: string;
      versions: {
        agent: string;
        egressProxy: string | null;
        node: string;
        openclaw: string | null;
        safetyWrapper: string | null;
      };
    };
    HeartbeatResult: {
      heartbeatIntervalMs: number;
      lastCommandSeq: number;
      /** Format: date-time */
      serverTime: string;
    };
    KeepFoundSecretInput: {
      name: string;
    };
    ListCommandsResult: {
      commands: {
        jws: string;
        /** @enum {string} */
        kind: "policy.update" | "approval.decision" | "secret.keep" | "secret.dismiss";
        seq: number;
      }[];
    };
    Me: {
      email: string;
      emailVerified: boolean;
      /** @enum {string} */
      kind: "customer" | "staff";
      organizationId: string | null;
      userId: string;
    };
    Order: {
      /** Format: date-time */
      createdAt: string;
      failureReason: string | null;
      id: string;
      /** @enum {string} */
      planId: "starter" | "team";
      /** @enum {string} */
      state:
        | "PENDING_PAYMENT"
        | "PAYMENT_CONFIRMED"
        | "SERVER_REQUESTED"
        | "SERVER_READY"
        | "DNS_PENDING"
        | "DNS_READY"
        | "PROVISIONING"
        | "REGISTERED"
        | "ACTIVE"
        | "FAILED"
        | "SUSPENDED"
        | "CANCELLING"
        | "CANCELLED";
      steps: {
        attempt: number;
        /** Format: date-time */
        finishedAt: string | null;
        reason: string | null;
        /** Format: date-time */
        startedAt: string;
        /** @enum {string} */
        state:
          | "PENDING_PAYMENT"
          | "PAYMENT_CONFIRMED"
          | "SERVER_REQUESTED"
          | "SERVER_READY"
          | "DNS_PENDING"
          | "DNS_READY"
          | "PROVISIONING"
          | "REGISTERED"
          | "ACTIVE"
          | "FAILED"
          | "SUSPENDED"
          | "CANCELLING"
          | "CANCELLED";
        /** @enum {string} */
        status: "running" | "succeeded" | "failed";
      }[];
      tenantId: string | null;
      /** Format: date-time */
      updatedAt: string;
    };
    Plan: {
      /** @enum {string} */
      currency: "eur";
      features: string[];
      /** @enum {string} */
      id: "starter" | "team";
      includedTokens: number;
      name: string;
      overagePerMillionMinor: number;
      priceMinor: number;
      server: {
        cores: number;
        diskGb: number;
        memoryMb: number;
      };
      tagline: string;
    };
    Problem: {
      /** @enum {string} */
      code:
        | "invalid_input"
        | "unauthenticated"
        | "forbidden"
        | "not_found"
        | "conflict"
        | "gone"
        | "payload_too_large"
        | "rate_limited"
        | "unavailable"
        | "internal";
      detail: string;
      errors?: {
        message: string;
        path: string;
      }[];
      requestId: string;
      status: number;
      title: string;
      type: string;
    };
    RealtimeTicket: {
      /** Format: date-time */
      expiresAt: string;
      ticket: string;
      /** Format: uri */
      url: string;
    };
    ReportApprovalInput: {
      /** @enum {string} */
      actClass: "green" | "yellow" | "yellow_external" | "red" | "critical_red";
      agent: string;
      argumentsRedacted: {
        [key: string]: unknown;
      };
      argumentsSha256: string;
      blastRadius: string;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      expiresAt: string;
      id: string;
      reason: string;
      reversible: boolean;
      rules: string[];
      secretNames: string[];
      sessionKey: string;
      tool: string;
    };
    ReportApprovalOutcomeInput:
      | {
          /** Format: date-time */
          executedAt: string;
          /** @enum {string} */
          execution: "succeeded" | "failed";
          /** @enum {string} */
          kind: "executed";
        }
      | {
          /** Format: date-time */
          closedAt: string;
          /** @enum {string} */
          kind: "closed";
          /** @enum {string} */
          state: "expired" | "superseded" | "cancelled";
        };
    ReportFoundSecretInput: {
      agent: string;
      /** Format: date-time */
      expiresAt: string;
      /** Format: date-time */
      foundAt: string;
      id: string;
      length: number;
      rule: string;
      seenIn:
        | {
            /** @enum {string} */
            kind: "tool";
            tool: string;
          }
        | {
            /** @enum {string} */
            kind: "chat";
          };
      sessionKey: string;
      suggestedName: string;
      vendor: string;
      what: string;
    };
    ReportFoundSecretOutcomeInput:
      | {
          /** Format: date-time */
          at: string;
          /** @enum {string} */
          kind: "kept";
          name: string;
        }
      | {
          /** Format: date-time */
          at: string;
          /** @enum {string} */
          kind: "dismissed";
        }
      | {
          /** Format: date-time */
          at: string;
          /** @enum {string} */
          kind: "expired";
        }
      | {
          /** Format: date-time */
          at: string;
          /** @enum {string} */
          kind: "keep_refused";
          name: string;
          reason: string;
        };
    ReportSecretNamesInput: {
      /** Format: date-time */
      at: string;
      secrets: {
        bound: boolean;
        name: string;
        /** @enum {string} */
        owner: "customer" | "generated" | "operator";
      }[];
    };
    ReportUsageInput: {
      buckets: {
        agent: string;
        /** Format: date-time */
        hour: string;
        /** @enum {string} */
        kind: "input" | "output" | "cache_read" | "cache_write";
        model: string;
        provider: string;
        tokens: number;
      }[];
    };
    SecretNames: {
      /** Format: date-time */
      at: string | null;
      secrets:
        | {
            bound: boolean;
            name: string;
            /** @enum {string} */
            owner: "customer" | "generated" | "operator";
          }[]
        | null;
    };
    Tenant: {
      /** Format: date-time */
      createdAt: string;
      disk: {
        freeMb: number;
        /** Format: date-time */
        since: string;
        /** @enum {string} */
        state: "ok" | "low" | "full";
      } | null;
      egress: {
        recent: {
          /** @enum {string} */
          client: "gateway" | "executor";
          count: number;
          host: string;
          /** Format: date-time */
          lastAt: string;
          /** @enum {string} */
          reason:
            | "not_listed"
            | "port"
            | "address"
            | "unreadable"
            | "secret_in_name"
            | "private_address"
            | "no_greeting"
            | "other_server"
            | "hidden_server"
            | "method"
            | "not_ready"
            | "abandoned"
            | "no_address"
            | "unreachable";
        }[];
        refusedTotal: number;
      } | null;
      gate: {
        reason: string | null;
        /** Format: date-time */
        testedAt: string;
        verified: boolean;
      } | null;
      /** @enum {string} */
      health: "unknown" | "healthy" | "degraded" | "offline";
      id: string;
      /** @enum {string} */
      isolation: "machine" | "process";
      /** Format: date-time */
      lastHeartbeatAt: string | null;
      name: string;
      orderId: string;
      /** @enum {string} */
      orderState:
        | "PENDING_PAYMENT"
        | "PAYMENT_CONFIRMED"
        | "SERVER_REQUESTED"
        | "SERVER_READY"
        | "DNS_PENDING"
        | "DNS_READY"
        | "PROVISIONING"
        | "REGISTERED"
        | "ACTIVE"
        | "FAILED"
        | "SUSPENDED"
        | "CANCELLING"
        | "CANCELLED";
      /** @enum {string} */
      planId: "starter" | "team";
      policyVersion: number | null;
      versions: {
        agent: string;
        egressProxy: string | null;
        node: string;
        openclaw: string | null;
        safetyWrapper: string | null;
      } | null;
    };
    UsageSummary: {
      byHour: {
        /** Format: date-time */
        hour: string;
        tokens: number;
      }[];
      byKind: {
        cache_read?: number;
        cache_write?: number;
        input?: number;
        output?: number;
      };
      byModel: {
        model: string;
        tokens: number;
      }[];
      includedTokens: number;
      /** Format: date-time */
      periodEnd: string;
      /** Format: date-time */
      periodStart: string;
      reportedTokens: number;
      totalTokens: number;
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
