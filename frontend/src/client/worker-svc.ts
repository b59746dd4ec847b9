// Generated from openapi/worker-svc.json by "make client". Do not edit.

export interface paths {
    "/api/v1/market/loads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Loads
         * @description What each load changed and what its checks found, newest first.
         */
        get: operations["market_list_loads"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/market/quotes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Quotes
         * @description Quotes, newest session first. Prices are decimal strings, in reais for `quote_factor` units.
         */
        get: operations["market_list_quotes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/market/quotes/{ticker}/latest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A ticker's last quote
         * @description The newest session's quote of a ticker.
         */
        get: operations["market_latest_quote"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/market/releases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Downloaded files
         * @description Every content that was ever downloaded, broken ones too, newest first.
         */
        get: operations["market_list_releases"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/market/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Loaded sessions
         * @description Sessions that are loaded, newest first, each with its rows and the number of its checks' warnings.
         */
        get: operations["market_list_sessions"];
        put?: never;
        post?: never;
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
        /**
         * ApiError
         * @description A failure. `code` is stable and meant for programs; `message` tells a person what to do.
         */
        ApiError: {
            /** Code */
            code: string;
            /** Details */
            details: components["schemas"]["ErrorDetail"][] | {
                [key: string]: unknown;
            } | null;
            /** Message */
            message: string;
            /** Request Id */
            request_id: string;
            /**
             * Status
             * @constant
             */
            status: "error";
            /**
             * Timestamp
             * Format: date-time
             */
            timestamp: string;
        };
        /** ApiResponse[list[LoadRead], CursorMeta] */
        ApiResponse_list_LoadRead__CursorMeta_: {
            /** Data */
            data: components["schemas"]["LoadRead"][];
            /** Errors */
            errors: null;
            meta: components["schemas"]["CursorMeta"];
            /** Request Id */
            request_id: string;
            /**
             * Status
             * @constant
             */
            status: "success";
            /**
             * Timestamp
             * Format: date-time
             */
            timestamp: string;
        };
        /** ApiResponse[list[QuoteRead], CursorMeta] */
        ApiResponse_list_QuoteRead__CursorMeta_: {
            /** Data */
            data: components["schemas"]["QuoteRead"][];
            /** Errors */
            errors: null;
            meta: components["schemas"]["CursorMeta"];
            /** Request Id */
            request_id: string;
            /**
             * Status
             * @constant
             */
            status: "success";
            /**
             * Timestamp
             * Format: date-time
             */
            timestamp: string;
        };
        /** ApiResponse[list[ReleaseRead], CursorMeta] */
        ApiResponse_list_ReleaseRead__CursorMeta_: {
            /** Data */
            data: components["schemas"]["ReleaseRead"][];
            /** Errors */
            errors: null;
            meta: components["schemas"]["CursorMeta"];
            /** Request Id */
            request_id: string;
            /**
             * Status
             * @constant
             */
            status: "success";
            /**
             * Timestamp
             * Format: date-time
             */
            timestamp: string;
        };
        /** ApiResponse[list[SessionRead], CursorMeta] */
        ApiResponse_list_SessionRead__CursorMeta_: {
            /** Data */
            data: components["schemas"]["SessionRead"][];
            /** Errors */
            errors: null;
            meta: components["schemas"]["CursorMeta"];
            /** Request Id */
            request_id: string;
            /**
             * Status
             * @constant
             */
            status: "success";
            /**
             * Timestamp
             * Format: date-time
             */
            timestamp: string;
        };
        /** ApiResponse[QuoteRead, NoneType] */
        ApiResponse_QuoteRead_NoneType_: {
            data: components["schemas"]["QuoteRead"];
            /** Errors */
            errors: null;
            /** Meta */
            meta: null;
            /** Request Id */
            request_id: string;
            /**
             * Status
             * @constant
             */
            status: "success";
            /**
             * Timestamp
             * Format: date-time
             */
            timestamp: string;
        };
        /** CheckRead */
        CheckRead: {
            /** Code */
            code: string;
            /** Context */
            context: {
                [key: string]: unknown;
            };
            /** Message */
            message: string;
        };
        /**
         * CursorMeta
         * @description Keyset pagination: pass `next_cursor` back as `cursor` for the page after this one.
         */
        CursorMeta: {
            /** Has More */
            has_more: boolean;
            /** Limit */
            limit: number;
            /** Next Cursor */
            next_cursor: string | null;
        };
        /**
         * ErrorDetail
         * @description One cause of an error: `field` is a dotted path into the request, null when it concerns the whole.
         */
        ErrorDetail: {
            /** Field */
            field: string | null;
            /** Message */
            message: string;
            /** Type */
            type: string;
        };
        /**
         * LoadRead
         * @description One load of one session.
         */
        LoadRead: {
            /** Attempt */
            attempt: number | null;
            /** Checks */
            checks: components["schemas"]["CheckRead"][];
            /** Dataset */
            dataset: string;
            /** Deleted */
            deleted: number;
            /** Execution Id */
            execution_id: string | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Inserted */
            inserted: number;
            /**
             * Loaded At
             * Format: date-time
             */
            loaded_at: string;
            /**
             * Reference Date
             * Format: date
             */
            reference_date: string;
            /**
             * Release Id
             * Format: uuid
             */
            release_id: string;
            /** Rows */
            rows: number;
            /** Unchanged */
            unchanged: number;
            /** Updated */
            updated: number;
        };
        /**
         * QuoteRead
         * @description A quote of one session. Prices are in reais for `quote_factor` units; `term_days` is set for forwards only.
         */
        QuoteRead: {
            /**
             * Average
             * @example 37.95
             */
            average: string;
            /** Bdi Code */
            bdi_code: string;
            /**
             * Best Ask
             * @example 37.95
             */
            best_ask: string;
            /**
             * Best Bid
             * @example 37.95
             */
            best_bid: string;
            /**
             * Close
             * @example 37.95
             */
            close: string;
            /** Currency */
            currency: string;
            /** Distribution */
            distribution: number;
            /** Expires On */
            expires_on: string | null;
            /**
             * High
             * @example 37.95
             */
            high: string;
            /** Isin */
            isin: string;
            /**
             * Low
             * @example 37.95
             */
            low: string;
            /**
             * Market Type
             * @description 10 cash, 20 odd lot, 30 forward, 70 call, 80 put
             */
            market_type: number;
            /**
             * Open
             * @example 37.95
             */
            open: string;
            /** Quantity */
            quantity: number;
            /** Quote Factor */
            quote_factor: number;
            /** Short Name */
            short_name: string;
            /** Specification */
            specification: string;
            /** Strike Correction */
            strike_correction: number;
            /**
             * Strike Points
             * @example 37.95
             */
            strike_points: string;
            /**
             * Strike Price
             * @example 37.95
             */
            strike_price: string;
            /** Term Days */
            term_days: string;
            /**
             * Ticker
             * @example PETR4
             */
            ticker: string;
            /**
             * Trade Date
             * Format: date
             */
            trade_date: string;
            /**
             * Trades
             * @description Wraps at 100,000 in the source; see the load's checks
             */
            trades: number;
            /**
             * Volume
             * @example 37.95
             */
            volume: string;
        };
        /**
         * ReleaseRead
         * @description One content of one published file.
         */
        ReleaseRead: {
            /** Dataset */
            dataset: string;
            /** Detail */
            detail: {
                [key: string]: unknown;
            };
            /** Etag */
            etag: string | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Last Checked At
             * Format: date-time
             */
            last_checked_at: string;
            /** Last Modified */
            last_modified: string | null;
            /** Member Name */
            member_name: string | null;
            /** Outcome */
            outcome: string;
            /** Records */
            records: number | null;
            /**
             * Reference Date
             * Format: date
             */
            reference_date: string;
            /**
             * Seen At
             * Format: date-time
             */
            seen_at: string;
            /** Sha256 */
            sha256: string;
            /** Size Bytes */
            size_bytes: number;
            /** Url */
            url: string;
        };
        /**
         * SessionRead
         * @description A loaded session: its rows, and what its last load did.
         */
        SessionRead: {
            /** Dataset */
            dataset: string;
            /**
             * Loaded At
             * Format: date-time
             */
            loaded_at: string;
            /**
             * Release Id
             * Format: uuid
             */
            release_id: string;
            /** Rows */
            rows: number;
            /**
             * Session
             * Format: date
             */
            session: string;
            /** Warnings */
            warnings: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    market_list_loads: {
        parameters: {
            query?: {
                /** @description `meta.next_cursor` of the page before; empty for the first page. */
                cursor?: string | null;
                /** @description For example b3.cotahist. */
                dataset?: string | null;
                /** @description Rows per page. */
                limit?: number;
                reference_date?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_list_LoadRead__CursorMeta_"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `INVALID_CURSOR` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description An error; `code` is stable, `message` says what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    market_list_quotes: {
        parameters: {
            query?: {
                /** @description `meta.next_cursor` of the page before; empty for the first page. */
                cursor?: string | null;
                /** @description One session. */
                date?: string | null;
                /** @description First session. */
                from?: string | null;
                /** @description Rows per page. */
                limit?: number;
                /** @description 10 cash, 20 odd lot, 30 forward, 70 call, 80 put. */
                market_type?: number | null;
                ticker?: string | null;
                /** @description Last session. */
                to?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_list_QuoteRead__CursorMeta_"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `CONTRADICTORY_DATES` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description An error; `code` is stable, `message` says what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    market_latest_quote: {
        parameters: {
            query?: {
                /** @description 10 cash, 20 odd lot, 30 forward, 70 call, 80 put. */
                market_type?: number | null;
            };
            header?: never;
            path: {
                ticker: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_QuoteRead_NoneType_"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `QUOTE_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `INVALID_CURSOR` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description An error; `code` is stable, `message` says what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    market_list_releases: {
        parameters: {
            query?: {
                /** @description `meta.next_cursor` of the page before; empty for the first page. */
                cursor?: string | null;
                /** @description For example b3.cotahist. */
                dataset?: string | null;
                /** @description Rows per page. */
                limit?: number;
                reference_date?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_list_ReleaseRead__CursorMeta_"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `INVALID_CURSOR` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description An error; `code` is stable, `message` says what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    market_list_sessions: {
        parameters: {
            query?: {
                /** @description `meta.next_cursor` of the page before; empty for the first page. */
                cursor?: string | null;
                from?: string | null;
                /** @description Rows per page. */
                limit?: number;
                to?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_list_SessionRead__CursorMeta_"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `INVALID_CURSOR` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description An error; `code` is stable, `message` says what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
}
