// Generated from openapi/core-api.json by "make client". Do not edit.

export interface paths {
    "/api/v1/executions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Executions */
        get: operations["executions_api_v1_executions_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/executions/{execution_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Execution */
        get: operations["execution_api_v1_executions__execution_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/executions/{execution_id}/attempts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Attempts */
        get: operations["attempts_api_v1_executions__execution_id__attempts_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/executions/{execution_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel */
        post: operations["cancel_api_v1_executions__execution_id__cancel_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/executions/{execution_id}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Logs */
        get: operations["logs_api_v1_executions__execution_id__logs_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/executions/{execution_id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Retry */
        post: operations["retry_api_v1_executions__execution_id__retry_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/executions/{execution_id}/run-now": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Run Now */
        post: operations["run_now_api_v1_executions__execution_id__run_now_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Me */
        get: operations["me_api_v1_me_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/scheduler/queue/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Queue Status */
        get: operations["queue_status_api_v1_scheduler_queue_status_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/scheduler/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Scheduler Run */
        post: operations["scheduler_run_api_v1_scheduler_run_post"];
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
        /** Actions */
        Actions: {
            /** Cancel */
            cancel: boolean;
            /** Retry */
            retry: boolean;
            /** Run Now */
            run_now: boolean;
        };
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
        /** ApiResponse[ExecutionRead, NoneType] */
        ApiResponse_ExecutionRead_NoneType_: {
            data: components["schemas"]["ExecutionRead"];
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
        /** ApiResponse[list[AttemptRead], NoneType] */
        ApiResponse_list_AttemptRead__NoneType_: {
            /** Data */
            data: components["schemas"]["AttemptRead"][];
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
        /** ApiResponse[list[ExecutionRead], CursorMeta] */
        ApiResponse_list_ExecutionRead__CursorMeta_: {
            /** Data */
            data: components["schemas"]["ExecutionRead"][];
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
        /** ApiResponse[list[LogLineRead], CursorMeta] */
        ApiResponse_list_LogLineRead__CursorMeta_: {
            /** Data */
            data: components["schemas"]["LogLineRead"][];
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
        /** ApiResponse[Me, NoneType] */
        ApiResponse_Me_NoneType_: {
            data: components["schemas"]["Me"];
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
        /** ApiResponse[QueueStatus, NoneType] */
        ApiResponse_QueueStatus_NoneType_: {
            data: components["schemas"]["QueueStatus"];
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
        /** ApiResponse[SchedulerRunRead, NoneType] */
        ApiResponse_SchedulerRunRead_NoneType_: {
            data: components["schemas"]["SchedulerRunRead"];
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
        /** AttemptRead */
        AttemptRead: {
            /** Attempt */
            attempt: number;
            /** Duration Seconds */
            duration_seconds: number | null;
            error: components["schemas"]["Err"] | null;
            /** Finished At */
            finished_at: string | null;
            /** Outcome */
            outcome: string | null;
            /** Result */
            result: {
                [key: string]: unknown;
            } | null;
            /**
             * Started At
             * Format: date-time
             */
            started_at: string;
            /** Worker Id */
            worker_id: string | null;
        };
        /** CalendarDay */
        CalendarDay: {
            /** Code */
            code: string;
            /** Is Business Day */
            is_business_day: boolean;
            /** Note */
            note: string | null;
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
        /** Dep */
        Dep: {
            /** Name */
            name: string;
            /**
             * Routine Id
             * Format: uuid
             */
            routine_id: string;
        };
        /** Err */
        Err: {
            /** Code */
            code: string;
            /** Detail */
            detail: {
                [key: string]: unknown;
            };
            /** Message */
            message: string;
            /** Transient */
            transient: boolean;
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
        /** ExecutionRead */
        ExecutionRead: {
            actions: components["schemas"]["Actions"];
            /** Attempt */
            attempt: number;
            /** Band */
            band: number;
            /**
             * Business Date
             * Format: date
             */
            business_date: string;
            /** Cancel Requested */
            cancel_requested: boolean;
            /** Concurrency Key */
            concurrency_key: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Depends On */
            depends_on: components["schemas"]["Dep"][];
            /**
             * Due At
             * Format: date-time
             */
            due_at: string;
            /** Duration Seconds */
            duration_seconds: number | null;
            error: components["schemas"]["Err"] | null;
            /** Finished At */
            finished_at: string | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Job */
            job: string;
            /** Max Attempts */
            max_attempts: number;
            /**
             * Origin
             * @enum {string}
             */
            origin: "schedule" | "manual" | "backfill";
            /** Pool */
            pool: string | null;
            /** Priority */
            priority: number;
            /** Progress */
            progress: number | null;
            /** Progress Message */
            progress_message: string | null;
            /** Queue */
            queue: string;
            /** Queued At */
            queued_at: string | null;
            reason: components["schemas"]["Reason"] | null;
            /** Recoveries */
            recoveries: number;
            /** Requested By */
            requested_by: string | null;
            /** Result */
            result: {
                [key: string]: unknown;
            } | null;
            /**
             * Routine Id
             * Format: uuid
             */
            routine_id: string;
            /** Routine Name */
            routine_name: string;
            /**
             * Slot
             * Format: date-time
             */
            slot: string;
            /** Started At */
            started_at: string | null;
            /**
             * Status
             * @enum {string}
             */
            status: "PENDING" | "QUEUED" | "RUNNING" | "SUCCEEDED" | "FAILED" | "RECOVERY" | "CANCELLED" | "SKIPPED";
            /** Title */
            title: string;
            /** Warnings */
            warnings: components["schemas"]["Warn"][];
            /** Worker Id */
            worker_id: string | null;
        };
        /** LogLineRead */
        LogLineRead: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Attempt */
            attempt: number;
            /** Fields */
            fields: {
                [key: string]: unknown;
            };
            /**
             * Level
             * @enum {string}
             */
            level: "DEBUG" | "INFO" | "WARNING" | "ERROR";
            /** Message */
            message: string;
            /** Seq */
            seq: number;
        };
        /** Me */
        Me: {
            /** Email */
            email: string | null;
            /** May */
            may: ("viewer" | "operator" | "admin")[];
            /** Name */
            name: string;
            /** Roles */
            roles: ("viewer" | "operator" | "admin")[];
            /** Subject */
            subject: string;
        };
        /** QueueStatus */
        QueueStatus: {
            /**
             * Business Date
             * Format: date
             */
            business_date: string;
            /** Calendars */
            calendars: components["schemas"]["CalendarDay"][];
            /** Counts */
            counts: {
                [key: string]: number;
            };
            /** Last Session */
            last_session: {
                [key: string]: string;
            };
            /** Next Due At */
            next_due_at: string | null;
            /** Schedulers Alive */
            schedulers_alive: number;
            /** Slots */
            slots: number;
            /** Slots Free */
            slots_free: number;
            /**
             * Today
             * Format: date
             */
            today: string;
            /** Total */
            total: number;
            /** Workers Alive */
            workers_alive: number;
        };
        /** Reason */
        Reason: {
            /** Code */
            code: string;
            /** Context */
            context: {
                [key: string]: unknown;
            };
        };
        /** RunNowIn */
        RunNowIn: {
            /**
             * With Downstream
             * @default true
             */
            with_downstream: boolean;
        };
        /** SchedulerRunIn */
        SchedulerRunIn: {
            /** Business Date */
            business_date?: string | null;
        };
        /** SchedulerRunRead */
        SchedulerRunRead: {
            /** Already There */
            already_there: number;
            /** Brought Forward */
            brought_forward: number;
            /**
             * Business Date
             * Format: date
             */
            business_date: string;
            /** Created */
            created: number;
        };
        /** Warn */
        Warn: {
            /** Code */
            code: string;
            /** Context */
            context: {
                [key: string]: unknown;
            };
            /** Message */
            message: string;
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
    executions_api_v1_executions_get: {
        parameters: {
            query?: {
                business_date?: string | null;
                cursor?: string | null;
                limit?: number;
                q?: string | null;
                routine_id?: string | null;
                status?: ("PENDING" | "QUEUED" | "RUNNING" | "SUCCEEDED" | "FAILED" | "RECOVERY" | "CANCELLED" | "SKIPPED")[] | null;
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
                    "application/json": components["schemas"]["ApiResponse_list_ExecutionRead__CursorMeta_"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    execution_api_v1_executions__execution_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                execution_id: string;
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
                    "application/json": components["schemas"]["ApiResponse_ExecutionRead_NoneType_"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    attempts_api_v1_executions__execution_id__attempts_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                execution_id: string;
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
                    "application/json": components["schemas"]["ApiResponse_list_AttemptRead__NoneType_"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    cancel_api_v1_executions__execution_id__cancel_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                execution_id: string;
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
                    "application/json": components["schemas"]["ApiResponse_ExecutionRead_NoneType_"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    logs_api_v1_executions__execution_id__logs_get: {
        parameters: {
            query?: {
                after_seq?: number | null;
                attempt?: number | null;
                limit?: number;
            };
            header?: never;
            path: {
                execution_id: string;
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
                    "application/json": components["schemas"]["ApiResponse_list_LogLineRead__CursorMeta_"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    retry_api_v1_executions__execution_id__retry_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                execution_id: string;
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
                    "application/json": components["schemas"]["ApiResponse_ExecutionRead_NoneType_"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    run_now_api_v1_executions__execution_id__run_now_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                execution_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RunNowIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_ExecutionRead_NoneType_"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    me_api_v1_me_get: {
        parameters: {
            query?: never;
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
                    "application/json": components["schemas"]["ApiResponse_Me_NoneType_"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    queue_status_api_v1_scheduler_queue_status_get: {
        parameters: {
            query?: {
                business_date?: string | null;
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
                    "application/json": components["schemas"]["ApiResponse_QueueStatus_NoneType_"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    scheduler_run_api_v1_scheduler_run_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SchedulerRunIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_SchedulerRunRead_NoneType_"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
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
