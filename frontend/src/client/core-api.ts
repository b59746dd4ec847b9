// Generated from openapi/core-api.json by "make client". Do not edit.

export interface paths {
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the audit log
         * @description Every change, the newest first: who, what, and how it was before and after.
         */
        get: operations["access_list_audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calendars": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List calendars
         * @description All calendars with their newest version, what it covers and how many dates people have overridden.
         */
        get: operations["calendars_list_calendars"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calendars/{code}/days": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Days of a calendar
         * @description Every date from `from` to `to` (included; at most 800): business day or not, late opening, holiday's name.
         */
        get: operations["calendars_list_days"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calendars/{code}/overrides/{day}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Correct one date
         * @description Say by hand whether a date is a business day. It holds at once, above every version, until it is deleted.
         */
        put: operations["calendars_put_override"];
        post?: never;
        /**
         * Take a correction back
         * @description Delete an override: the calendar's newest version decides about the date again.
         */
        delete: operations["calendars_delete_override"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/daily-loads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List daily loads
         * @description Which days were written into the queue, when, by what and how many executions came of it; the newest first.
         */
        get: operations["daily-loads_list_daily_loads"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/day-groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List day groups
         * @description All day groups by name.
         */
        get: operations["day-groups_list_day_groups"];
        put?: never;
        /**
         * Create a day group
         * @description Add a day group: a calendar's business days, narrowed to weekdays, plus and minus single dates.
         */
        post: operations["day-groups_create_day_group"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/day-groups/{group_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a day group
         * @description One day group; the ETag header is what a change must send as If-Match.
         */
        get: operations["day-groups_get_day_group"];
        /**
         * Replace a day group
         * @description Replace a day group. What is left of today is loaded again for every routine that uses it.
         */
        put: operations["day-groups_update_day_group"];
        post?: never;
        /**
         * Delete a day group
         * @description Delete a day group that no routine uses.
         */
        delete: operations["day-groups_delete_day_group"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow what happens
         * @description Every event as it happens: its type is the event's name, its payload the data.
         *
         *     `resync` says that events were left out for this reader: load again what is shown. A stream ends after 15 minutes at
         *     the latest: reconnect then.
         */
        get: operations["events_stream_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/executions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List executions
         * @description A day's queue by slot, priority and id; without `business_date` everything, the newest slot first.
         *
         *     Every execution that is not running says why in `reason`.
         */
        get: operations["executions_list_executions"];
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
        /**
         * Read an execution
         * @description One execution with its reason, result, warnings and error.
         */
        get: operations["executions_get_execution"];
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
        /**
         * List attempts
         * @description Every try of an execution: where it ran, when, and how it ended.
         */
        get: operations["executions_list_attempts"];
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
        /**
         * Cancel an execution
         * @description Cancels what waits at once. What runs is asked to stop, and is CANCELLED once nothing of it runs any more.
         */
        post: operations["executions_cancel_execution"];
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
        /**
         * Read log lines
         * @description Log lines by attempt and seq; the worker need not be there any more.
         */
        get: operations["executions_list_log_lines"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/executions/{execution_id}/logs/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow an execution's log
         * @description Events `line` (a log line), `status` (the execution, when it changed), and `end` when it is over and all is sent.
         *
         *     The id of a line is `attempt:seq`; reconnect with it in `Last-Event-ID` to go on after it. A stream ends after 15
         *     minutes at the latest, without `end`: reconnect then.
         */
        get: operations["executions_stream_logs"];
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
        /**
         * Retry an execution
         * @description Opens a FAILED or CANCELLED execution again, due now, with all attempts anew.
         */
        post: operations["executions_retry_execution"];
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
        /**
         * Run an execution now
         * @description Makes a PENDING execution due now, instead of at its slot or its next retry.
         */
        post: operations["executions_run_execution_now"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List jobs
         * @description Every job that a worker has announced, with the JSON schema of its params.
         */
        get: operations["jobs_list_jobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a job
         * @description One job.
         */
        get: operations["jobs_get_job"];
        put?: never;
        post?: never;
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
        /**
         * Who am I
         * @description The caller as their access token says: names, roles, and the roles whose rights they have.
         */
        get: operations["access_me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/pools": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List pools
         * @description All pools by name: a pool limits how many of its runs may be active at once.
         */
        get: operations["pools_list_pools"];
        put?: never;
        /**
         * Create a pool
         * @description Add a pool.
         */
        post: operations["pools_create_pool"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/pools/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a pool
         * @description One pool.
         */
        get: operations["pools_get_pool"];
        /**
         * Change a pool
         * @description Change a pool's slots or description. More slots take effect at once, fewer as runs end.
         */
        put: operations["pools_update_pool"];
        post?: never;
        /**
         * Delete a pool
         * @description Delete a pool that no routine uses.
         */
        delete: operations["pools_delete_pool"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List routines
         * @description Routines by name, filtered; deleted ones are not shown.
         */
        get: operations["routines_list_routines"];
        put?: never;
        /**
         * Create a routine
         * @description Add a routine. Its params must fit the job's schema; what is left of today joins the queue within seconds.
         */
        post: operations["routines_create_routine"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routines/{routine_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a routine
         * @description One routine; the ETag header is what a change must send as If-Match.
         */
        get: operations["routines_get_routine"];
        /**
         * Replace a routine
         * @description Replace every field of a routine; what is left out takes its default.
         */
        put: operations["routines_replace_routine"];
        post?: never;
        /**
         * Delete a routine
         * @description Delete a routine that no other one depends on. Its history stays, what has not started leaves the queue.
         */
        delete: operations["routines_delete_routine"];
        options?: never;
        head?: never;
        /**
         * Change a routine
         * @description Change the fields that are sent; others stay. What is left of today follows; what has started is not touched.
         */
        patch: operations["routines_patch_routine"];
        trace?: never;
    };
    "/api/v1/routines/{routine_id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause a routine
         * @description Stop loading a routine and take what has not started out of the queue. Pausing twice is pausing once.
         */
        post: operations["routines_pause_routine"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routines/{routine_id}/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Preview a routine's slots
         * @description Which slots each date from `from` to `to` has, by the same computation as the daily load; at most 366 dates.
         */
        get: operations["routines_preview_routine"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routines/{routine_id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume a routine
         * @description Load a paused routine again, from what is left of today on.
         */
        post: operations["routines_resume_routine"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routines/{routine_id}/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run a routine
         * @description Puts an execution of the routine into the queue, due now, beside its scheduled ones.
         */
        post: operations["routines_run_routine"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/scheduler/daily-load": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Load a day
         * @description Writes the executions of a day that are not in the queue yet; repeating it writes nothing.
         */
        post: operations["scheduler_load_day"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/scheduler/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the scheduler's log
         * @description What the system did by itself, newest first: daily loads, lost workers, recoveries, failures of its loops.
         */
        get: operations["scheduler_list_logs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/scheduler/monitor/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Health of the engine
         * @description Schedulers, workers, queues, the outbox, how fast runs start, and what needs a person.
         */
        get: operations["scheduler_monitor_status"];
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
        /**
         * How a day stands
         * @description Counts by status, what the calendars say about the date, and how many schedulers, workers and slots there are.
         */
        get: operations["scheduler_queue_status"];
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
        /**
         * Run a day now
         * @description Loads the day if need be and makes all of it that still waits due now. Dependencies and pools still count.
         */
        post: operations["scheduler_run_day"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List workers
         * @description Workers with their load, the live ones first; lost ones are kept for a week.
         */
        get: operations["workers_list_workers"];
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
         * ActionRequest
         * @description Whether routines that wait for this one on the same business date are brought forward with it.
         */
        ActionRequest: {
            /**
             * With Downstream
             * @default true
             */
            with_downstream: boolean;
        };
        /**
         * ActionsRead
         * @description What the present state allows; whether the caller may is a matter of their role.
         */
        ActionsRead: {
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
        /** ApiResponse[DailyLoadRead, NoneType] */
        ApiResponse_DailyLoadRead_NoneType_: {
            data: components["schemas"]["DailyLoadRead"];
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
        /** ApiResponse[DayGroupRead, NoneType] */
        ApiResponse_DayGroupRead_NoneType_: {
            data: components["schemas"]["DayGroupRead"];
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
        /** ApiResponse[DayRun, NoneType] */
        ApiResponse_DayRun_NoneType_: {
            data: components["schemas"]["DayRun"];
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
        /** ApiResponse[JobRead, NoneType] */
        ApiResponse_JobRead_NoneType_: {
            data: components["schemas"]["JobRead"];
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
        /** ApiResponse[list[AuditEntryRead], CursorMeta] */
        ApiResponse_list_AuditEntryRead__CursorMeta_: {
            /** Data */
            data: components["schemas"]["AuditEntryRead"][];
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
        /** ApiResponse[list[CalendarDayRead], NoneType] */
        ApiResponse_list_CalendarDayRead__NoneType_: {
            /** Data */
            data: components["schemas"]["CalendarDayRead"][];
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
        /** ApiResponse[list[CalendarRead], NoneType] */
        ApiResponse_list_CalendarRead__NoneType_: {
            /** Data */
            data: components["schemas"]["CalendarRead"][];
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
        /** ApiResponse[list[DailyLoadRead], CursorMeta] */
        ApiResponse_list_DailyLoadRead__CursorMeta_: {
            /** Data */
            data: components["schemas"]["DailyLoadRead"][];
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
        /** ApiResponse[list[DayGroupRead], NoneType] */
        ApiResponse_list_DayGroupRead__NoneType_: {
            /** Data */
            data: components["schemas"]["DayGroupRead"][];
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
        /** ApiResponse[list[JobRead], NoneType] */
        ApiResponse_list_JobRead__NoneType_: {
            /** Data */
            data: components["schemas"]["JobRead"][];
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
        /** ApiResponse[list[PoolRead], NoneType] */
        ApiResponse_list_PoolRead__NoneType_: {
            /** Data */
            data: components["schemas"]["PoolRead"][];
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
        /** ApiResponse[list[RoutineRead], CursorMeta] */
        ApiResponse_list_RoutineRead__CursorMeta_: {
            /** Data */
            data: components["schemas"]["RoutineRead"][];
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
        /** ApiResponse[list[SchedulerLogRead], CursorMeta] */
        ApiResponse_list_SchedulerLogRead__CursorMeta_: {
            /** Data */
            data: components["schemas"]["SchedulerLogRead"][];
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
        /** ApiResponse[list[WorkerRead], NoneType] */
        ApiResponse_list_WorkerRead__NoneType_: {
            /** Data */
            data: components["schemas"]["WorkerRead"][];
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
        /** ApiResponse[MonitorStatus, NoneType] */
        ApiResponse_MonitorStatus_NoneType_: {
            data: components["schemas"]["MonitorStatus"];
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
        /** ApiResponse[OverrideRead, NoneType] */
        ApiResponse_OverrideRead_NoneType_: {
            data: components["schemas"]["OverrideRead"];
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
        /** ApiResponse[PoolRead, NoneType] */
        ApiResponse_PoolRead_NoneType_: {
            data: components["schemas"]["PoolRead"];
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
        /** ApiResponse[RoutinePreview, NoneType] */
        ApiResponse_RoutinePreview_NoneType_: {
            data: components["schemas"]["RoutinePreview"];
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
        /** ApiResponse[RoutineRead, NoneType] */
        ApiResponse_RoutineRead_NoneType_: {
            data: components["schemas"]["RoutineRead"];
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
        /**
         * AttemptErrorRead
         * @description Why an attempt failed. `transient` says whether trying again may help.
         */
        AttemptErrorRead: {
            /** Code */
            code: string;
            /** Detail */
            detail: {
                [key: string]: unknown;
            };
            /** Message */
            message: string;
            /** Traceback */
            traceback: string | null;
            /** Transient */
            transient: boolean;
        };
        /**
         * AttemptRead
         * @description One try. `outcome` is null while it runs; LOST means that its worker went silent.
         */
        AttemptRead: {
            /** Attempt */
            attempt: number;
            /** Duration Seconds */
            duration_seconds: number | null;
            error: components["schemas"]["AttemptErrorRead"] | null;
            /** Finished At */
            finished_at: string | null;
            /** Log Lines */
            log_lines: number;
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
            worker_id: string;
        };
        /**
         * AuditEntryRead
         * @description One change: `before` is null when something was created, `after` when it was deleted.
         */
        AuditEntryRead: {
            /** Action */
            action: string;
            /** Actor */
            actor: string;
            /** Actor Name */
            actor_name: string;
            /** After */
            after: {
                [key: string]: unknown;
            } | null;
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Before */
            before: {
                [key: string]: unknown;
            } | null;
            /** Entity */
            entity: string;
            /** Entity Id */
            entity_id: string;
            /** Id */
            id: number;
            /** Request Id */
            request_id: string | null;
        };
        /**
         * CalendarDay
         * @description What a calendar says about the business date; `note` names the holiday.
         */
        CalendarDay: {
            /** Code */
            code: string;
            /** Is Business Day */
            is_business_day: boolean | null;
            /** Note */
            note: string | null;
        };
        /**
         * CalendarDayRead
         * @description One date: `note` names the holiday or the reason of an override, `opens_at` is set when the opening is late.
         */
        CalendarDayRead: {
            /**
             * Day
             * Format: date
             */
            day: string;
            /** Is Business Day */
            is_business_day: boolean;
            /** Note */
            note: string | null;
            /** Opens At */
            opens_at: string | null;
            /** Overridden */
            overridden: boolean;
        };
        /**
         * CalendarRead
         * @description A calendar with its newest version; `version` and what belongs to it are null for EVERY_DAY.
         */
        CalendarRead: {
            /** Code */
            code: string;
            /**
             * Coverage End
             * Format: date
             */
            coverage_end: string;
            /**
             * Coverage Start
             * Format: date
             */
            coverage_start: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "generated" | "custom" | "every_day";
            /** Name */
            name: string;
            /** Overrides */
            overrides: number;
            /** Published At */
            published_at: string | null;
            /** Sha256 */
            sha256: string | null;
            /** Source */
            source: string | null;
            /** Time Zone */
            time_zone: string;
            /** Version */
            version: number | null;
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
         * DailyLoadRead
         * @description One load. `created` executions are new; `already_there` were in the queue before.
         */
        DailyLoadRead: {
            /** Already There */
            already_there: number;
            /**
             * Business Date
             * Format: date
             */
            business_date: string;
            /** Created */
            created: number;
            /**
             * Finished At
             * Format: date-time
             */
            finished_at: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Requested By */
            requested_by: string | null;
            /** Routines */
            routines: number;
            /**
             * Started At
             * Format: date-time
             */
            started_at: string;
            /**
             * Trigger
             * @enum {string}
             */
            trigger: "schedule" | "startup" | "manual" | "routine_change" | "seed";
        };
        /** DayGroupRead */
        DayGroupRead: {
            /** Calendar Code */
            calendar_code: string;
            /** Description */
            description: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Name */
            name: string;
            rule: components["schemas"]["DayRuleRead"];
            /** Version */
            version: number;
        };
        /** DayGroupRef */
        DayGroupRef: {
            /** Calendar Code */
            calendar_code: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Name */
            name: string;
        };
        /** DayGroupWrite */
        DayGroupWrite: {
            /**
             * Calendar Code
             * @example B3
             */
            calendar_code: string;
            /**
             * Description
             * @default
             */
            description: string;
            /**
             * Name
             * @example Pregões B3
             */
            name: string;
            /**
             * @default {
             *       "include": [],
             *       "exclude": []
             *     }
             */
            rule: components["schemas"]["DayRule"];
        };
        /**
         * DayRequest
         * @description Which day; without a date today in São Paulo.
         */
        DayRequest: {
            /** Business Date */
            business_date?: string | null;
        };
        /**
         * DayRule
         * @description Which dates: the calendar's business days, narrowed to `weekdays` (1 Monday to 7 Sunday, null for all).
         *
         *     `include` adds dates whatever the calendar says, `exclude` takes dates out and has the last word.
         */
        DayRule: {
            /**
             * Exclude
             * @default []
             * @example [
             *       "2026-12-24"
             *     ]
             */
            exclude: string[];
            /**
             * Include
             * @default []
             */
            include: string[];
            /**
             * Weekdays
             * @example [
             *       1,
             *       2,
             *       3,
             *       4,
             *       5
             *     ]
             */
            weekdays?: number[] | null;
        };
        /** DayRuleRead */
        DayRuleRead: {
            /** Exclude */
            exclude: string[];
            /** Include */
            include: string[];
            /** Weekdays */
            weekdays: number[] | null;
        };
        /**
         * DayRun
         * @description What "run the day now" did.
         */
        DayRun: {
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
         * ExecutionRead
         * @description One routine on one slot. `attempt` counts starts; only failures use up `max_attempts`, a lost worker does not.
         */
        ExecutionRead: {
            actions: components["schemas"]["ActionsRead"];
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
            /** Correlation Id */
            correlation_id: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Depends On */
            depends_on: components["schemas"]["UpstreamRead"][];
            /**
             * Due At
             * Format: date-time
             */
            due_at: string;
            /** Duration Seconds */
            duration_seconds: number | null;
            error: components["schemas"]["RunErrorRead"] | null;
            /** Failures */
            failures: number;
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
            /** Max Recoveries */
            max_recoveries: number;
            /** Origin */
            origin: string;
            /** Params */
            params: {
                [key: string]: unknown;
            };
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
            reason: components["schemas"]["ReasonRead"] | null;
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
            status: components["schemas"]["Status"];
            /** Timeout Seconds */
            timeout_seconds: number | null;
            /** Title */
            title: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** Warnings */
            warnings: components["schemas"]["RunWarningRead"][];
            /** Worker Id */
            worker_id: string | null;
        };
        /**
         * IntervalTrigger
         * @description Every `every_minutes` minutes of local time from `start` to `end`, both included, starting anew each day.
         */
        IntervalTrigger: {
            /**
             * End
             * @default 23:59
             */
            end: string;
            /** Every Minutes */
            every_minutes: number;
            /**
             * Start
             * @default 00:00
             */
            start: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "interval";
        };
        /** IntervalTriggerRead */
        IntervalTriggerRead: {
            /** End */
            end: string;
            /** Every Minutes */
            every_minutes: number;
            /** Start */
            start: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "interval";
        };
        /**
         * JobRead
         * @description A job of the catalog. `available` says whether a live worker offers it at the moment.
         */
        JobRead: {
            /** Available */
            available: boolean;
            /** Default Timeout Seconds */
            default_timeout_seconds: number | null;
            /** Description */
            description: string;
            /** Light */
            light: boolean;
            /** Name */
            name: string;
            /** Params Schema */
            params_schema: {
                [key: string]: unknown;
            };
            /** Queues */
            queues: string[];
            /** Title */
            title: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /**
         * LogEvent
         * @description What the system notes about itself.
         * @enum {string}
         */
        LogEvent: "SCHEDULER_STARTED" | "SCHEDULER_STOPPED" | "DAILY_LOAD" | "DAILY_LOAD_FAILED" | "ROUTINES_RELOADED" | "WORKER_LOST" | "EXECUTION_RECOVERED" | "EXECUTION_GIVEN_UP" | "ENTRIES_RESENT" | "LOOP_FAILED" | "LOOP_RECOVERED";
        /**
         * LogLevel
         * @enum {string}
         */
        LogLevel: "DEBUG" | "INFO" | "WARNING" | "ERROR";
        /**
         * LogLineRead
         * @description One log line; `attempt` and `seq` are its position.
         */
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
            level: components["schemas"]["LogLevel"];
            /** Message */
            message: string;
            /** Seq */
            seq: number;
        };
        /**
         * ManualTrigger
         * @description Only when a person or a program asks.
         */
        ManualTrigger: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "manual";
        };
        /** ManualTriggerRead */
        ManualTriggerRead: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "manual";
        };
        /**
         * Me
         * @description The caller, as their access token says; `may` lists every role whose rights they have.
         */
        Me: {
            /** Email */
            email: string | null;
            /** May */
            may: components["schemas"]["Role"][];
            /** Name */
            name: string;
            /** Roles */
            roles: components["schemas"]["Role"][];
            /** Subject */
            subject: string;
        };
        /**
         * MonitorStatus
         * @description The health of the engine.
         */
        MonitorStatus: {
            /** Healthy */
            healthy: boolean;
            outbox: components["schemas"]["OutboxRead"];
            /** Problems */
            problems: components["schemas"]["Problem"][];
            /** Queues */
            queues: components["schemas"]["QueueRead"][];
            /** Schedulers */
            schedulers: components["schemas"]["SchedulerRead"][];
            start_delays: components["schemas"]["StartDelays"];
            /** Workers */
            workers: components["schemas"]["WorkerRead"][];
        };
        /**
         * OnceTrigger
         * @description Once, at a local date and time; the day group is still asked.
         */
        OnceTrigger: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "once";
        };
        /** OnceTriggerRead */
        OnceTriggerRead: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "once";
        };
        /**
         * OutboxRead
         * @description Entries that have not reached Redis yet.
         */
        OutboxRead: {
            /** Oldest Seconds */
            oldest_seconds: number | null;
            /** Waiting */
            waiting: number;
        };
        /** OverrideRead */
        OverrideRead: {
            /** Calendar Code */
            calendar_code: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Created By */
            created_by: string;
            /**
             * Day
             * Format: date
             */
            day: string;
            /** Is Business Day */
            is_business_day: boolean;
            /** Note */
            note: string;
            /** Opens At */
            opens_at: string | null;
        };
        /**
         * OverrideWrite
         * @description Corrects one date by hand; it holds at once and above every calendar version.
         */
        OverrideWrite: {
            /** Is Business Day */
            is_business_day: boolean;
            /**
             * Note
             * @example Luto oficial: sem pregão, ofício 123/2026
             */
            note: string;
            /**
             * Opens At
             * @example 13:00:00
             */
            opens_at?: string | null;
        };
        /**
         * PoolChange
         * @description 0 slots hold everything in the pool back; what is running goes on.
         */
        PoolChange: {
            /**
             * Description
             * @default
             */
            description: string;
            /**
             * Slots
             * @example 2
             */
            slots: number;
        };
        /** PoolCreate */
        PoolCreate: {
            /**
             * Description
             * @default
             */
            description: string;
            /**
             * Name
             * @example b3
             */
            name: string;
            /**
             * Slots
             * @example 2
             */
            slots: number;
        };
        /** PoolRead */
        PoolRead: {
            /** Description */
            description: string;
            /** Name */
            name: string;
            /** Slots */
            slots: number;
        };
        /**
         * PreviewDay
         * @description One date: the slots that a load of it writes for the routine. `note` says why the day is special, if it is.
         */
        PreviewDay: {
            /**
             * Business Date
             * Format: date
             */
            business_date: string;
            /** Note */
            note: string | null;
            /** Runs */
            runs: boolean;
            /** Slots */
            slots: string[];
        };
        /**
         * Problem
         * @description Something that needs a person. `code` is stable.
         */
        Problem: {
            /**
             * Code
             * @enum {string}
             */
            code: "NO_SCHEDULER" | "NO_WORKER" | "WORKER_LOST" | "OUTBOX_STUCK" | "WORK_WITHOUT_WORKER";
            /** Message */
            message: string;
        };
        /**
         * QueueRead
         * @description One worker queue. `due` executions are past due and not handed out; the oldest of them has waited so long.
         */
        QueueRead: {
            /** Due */
            due: number;
            /** Oldest Due Seconds */
            oldest_due_seconds: number | null;
            /** Queue */
            queue: string;
            /** Queued */
            queued: number;
            /** Running */
            running: number;
            /** Slots */
            slots: number;
            /** Workers */
            workers: number;
        };
        /**
         * QueueStatus
         * @description How a business date stands. `last_session` is each calendar's last business day up to today.
         */
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
        /**
         * ReasonRead
         * @description Why an execution is not running. `code` is stable; `context` names what it waits for.
         */
        ReasonRead: {
            /** Code */
            code: string;
            /** Context */
            context: {
                [key: string]: unknown;
            };
        };
        /**
         * RetryPolicy
         * @description Waits `backoff_seconds * backoff_factor ** (failures - 1)`, at most `backoff_max_seconds`, give or take `jitter`.
         *
         *     `jitter` is a fraction of the wait: 0.1 spreads it over 90 % to 110 %. Only what may pass by itself is retried.
         */
        RetryPolicy: {
            /**
             * Backoff Factor
             * @default 2
             */
            backoff_factor: number;
            /**
             * Backoff Max Seconds
             * @default 900
             */
            backoff_max_seconds: number;
            /**
             * Backoff Seconds
             * @default 30
             */
            backoff_seconds: number;
            /**
             * Jitter
             * @default 0.1
             */
            jitter: number;
            /**
             * Max Attempts
             * @default 3
             */
            max_attempts: number;
        };
        /** RetryPolicyRead */
        RetryPolicyRead: {
            /** Backoff Factor */
            backoff_factor: number;
            /** Backoff Max Seconds */
            backoff_max_seconds: number;
            /** Backoff Seconds */
            backoff_seconds: number;
            /** Jitter */
            jitter: number;
            /** Max Attempts */
            max_attempts: number;
        };
        /**
         * Role
         * @description Roles in rising order: each one may do what the ones before it may.
         * @enum {string}
         */
        Role: "viewer" | "operator" | "admin";
        /**
         * RoutinePatch
         * @description Changes to a routine: a field left out stays as it is; null clears a field that may be empty.
         */
        RoutinePatch: {
            /** Concurrency Key */
            concurrency_key?: string | null;
            /** Day Group Id */
            day_group_id?: string | null;
            /** Depends On */
            depends_on?: string[];
            /** Description */
            description?: string;
            /** Job */
            job?: string;
            /** Max Instances */
            max_instances?: number;
            /** Max Recoveries */
            max_recoveries?: number;
            /** Name */
            name?: string;
            /** Params */
            params?: {
                [key: string]: unknown;
            };
            /** Paused */
            paused?: boolean;
            /** Pool */
            pool?: string | null;
            /** Priority */
            priority?: number;
            /** Queue */
            queue?: string;
            retry?: components["schemas"]["RetryPolicy"];
            /** Time Zone */
            time_zone?: string;
            /** Timeout Seconds */
            timeout_seconds?: number | null;
            /** Title */
            title?: string;
            /** Trigger */
            trigger?: components["schemas"]["TimesTrigger"] | components["schemas"]["IntervalTrigger"] | components["schemas"]["OnceTrigger"] | components["schemas"]["ManualTrigger"];
        };
        /**
         * RoutinePreview
         * @description What would run; a paused routine shows what it would do once resumed.
         */
        RoutinePreview: {
            /** Days */
            days: components["schemas"]["PreviewDay"][];
            /** Paused */
            paused: boolean;
            /**
             * Routine Id
             * Format: uuid
             */
            routine_id: string;
            /** Time Zone */
            time_zone: string;
        };
        /**
         * RoutineRead
         * @description `in_queue` is false while the scheduler has not yet brought the latest change into today's queue.
         */
        RoutineRead: {
            /** Concurrency Key */
            concurrency_key: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Created By */
            created_by: string;
            day_group: components["schemas"]["DayGroupRef"] | null;
            /** Depends On */
            depends_on: components["schemas"]["RoutineRef"][];
            /** Description */
            description: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** In Queue */
            in_queue: boolean;
            /** Job */
            job: string;
            /** Max Instances */
            max_instances: number;
            /** Max Recoveries */
            max_recoveries: number;
            /** Name */
            name: string;
            /** Params */
            params: {
                [key: string]: unknown;
            };
            /** Paused */
            paused: boolean;
            /** Pool */
            pool: string | null;
            /** Priority */
            priority: number;
            /** Queue */
            queue: string;
            retry: components["schemas"]["RetryPolicyRead"];
            /** Time Zone */
            time_zone: string;
            /** Timeout Seconds */
            timeout_seconds: number | null;
            /** Title */
            title: string;
            /** Trigger */
            trigger: components["schemas"]["TimesTriggerRead"] | components["schemas"]["IntervalTriggerRead"] | components["schemas"]["OnceTriggerRead"] | components["schemas"]["ManualTriggerRead"];
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** Updated By */
            updated_by: string;
            /** Version */
            version: number;
        };
        /** RoutineRef */
        RoutineRef: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Name */
            name: string;
            /** Title */
            title: string;
        };
        /**
         * RoutineWrite
         * @description A routine as a person describes it. Strict priority: 1-10 downloads, 11-20 loads, 21 and up processing.
         * @example {
         *       "job": "b3.cotahist.download",
         *       "name": "b3-cotahist-download",
         *       "params": {
         *         "on_missing": "warn",
         *         "reference": "business_date"
         *       },
         *       "priority": 5,
         *       "title": "Baixar COTAHIST do dia",
         *       "trigger": {
         *         "times": [
         *           "20:45"
         *         ],
         *         "type": "times"
         *       }
         *     }
         */
        RoutineWrite: {
            /** Concurrency Key */
            concurrency_key?: string | null;
            /** Day Group Id */
            day_group_id?: string | null;
            /**
             * Depends On
             * @default []
             */
            depends_on: string[];
            /**
             * Description
             * @default
             */
            description: string;
            /** Job */
            job: string;
            /**
             * Max Instances
             * @default 1
             */
            max_instances: number;
            /**
             * Max Recoveries
             * @default 3
             */
            max_recoveries: number;
            /** Name */
            name: string;
            /** Params */
            params?: {
                [key: string]: unknown;
            };
            /**
             * Paused
             * @default false
             */
            paused: boolean;
            /** Pool */
            pool?: string | null;
            /**
             * Priority
             * @default 30
             */
            priority: number;
            /**
             * Queue
             * @default default
             */
            queue: string;
            /**
             * @default {
             *       "max_attempts": 3,
             *       "backoff_seconds": 30,
             *       "backoff_factor": 2,
             *       "backoff_max_seconds": 900,
             *       "jitter": 0.1
             *     }
             */
            retry: components["schemas"]["RetryPolicy"];
            /**
             * Time Zone
             * @default America/Sao_Paulo
             */
            time_zone: string;
            /** Timeout Seconds */
            timeout_seconds?: number | null;
            /** Title */
            title: string;
            /** Trigger */
            trigger: components["schemas"]["TimesTrigger"] | components["schemas"]["IntervalTrigger"] | components["schemas"]["OnceTrigger"] | components["schemas"]["ManualTrigger"];
        };
        /**
         * RunErrorRead
         * @description Why the latest attempt failed. `transient` says whether trying again may help.
         */
        RunErrorRead: {
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
         * RunRequest
         * @description A run of a routine by hand. `params` replace the routine's own by name, for this run only.
         */
        RunRequest: {
            /** Business Date */
            business_date?: string | null;
            /** Params */
            params?: {
                [key: string]: unknown;
            };
            /**
             * With Downstream
             * @default false
             */
            with_downstream: boolean;
        };
        /**
         * RunWarningRead
         * @description Something to see on a success, for example a file that was not there.
         */
        RunWarningRead: {
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
         * SchedulerLogRead
         * @description One line of the scheduler's log; `event` is stable, `message` is for people.
         */
        SchedulerLogRead: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Event */
            event: string;
            /** Fields */
            fields: {
                [key: string]: unknown;
            };
            /** Id */
            id: number;
            /** Level */
            level: string;
            /** Message */
            message: string;
        };
        /**
         * SchedulerRead
         * @description A scheduler process; not `alive` when it was not seen for ten seconds.
         */
        SchedulerRead: {
            /** Alive */
            alive: boolean;
            /** Host */
            host: string;
            /** Id */
            id: string;
            /**
             * Last Seen At
             * Format: date-time
             */
            last_seen_at: string;
            /** Pid */
            pid: number;
            /**
             * Started At
             * Format: date-time
             */
            started_at: string;
        };
        /**
         * StartDelays
         * @description Seconds from due to start of the first attempts of the last hour, at most 1,000 of them.
         */
        StartDelays: {
            /** P50 Seconds */
            p50_seconds: number | null;
            /** P99 Seconds */
            p99_seconds: number | null;
            /** Starts */
            starts: number;
        };
        /**
         * Status
         * @enum {string}
         */
        Status: "PENDING" | "QUEUED" | "RUNNING" | "SUCCEEDED" | "FAILED" | "RECOVERY" | "CANCELLED" | "SKIPPED";
        /**
         * TimesTrigger
         * @description At these local times of every day that the day group allows.
         */
        TimesTrigger: {
            /** Times */
            times: string[];
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "times";
        };
        /** TimesTriggerRead */
        TimesTriggerRead: {
            /** Times */
            times: string[];
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "times";
        };
        /** UpstreamRead */
        UpstreamRead: {
            /** Name */
            name: string;
            /**
             * Routine Id
             * Format: uuid
             */
            routine_id: string;
        };
        /**
         * WorkerRead
         * @description A worker; `lost` when it went silent without saying goodbye.
         */
        WorkerRead: {
            /** Host */
            host: string;
            /** Id */
            id: string;
            /** Jobs */
            jobs: string[];
            /**
             * Last Heartbeat At
             * Format: date-time
             */
            last_heartbeat_at: string;
            /** Lost At */
            lost_at: string | null;
            /** Pid */
            pid: number;
            /** Queues */
            queues: string[];
            /**
             * Registered At
             * Format: date-time
             */
            registered_at: string;
            /** Running */
            running: number;
            /** Slots */
            slots: number;
            /**
             * Status
             * @enum {string}
             */
            status: "alive" | "draining" | "lost";
            /** Version */
            version: string;
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
    access_list_audit: {
        parameters: {
            query?: {
                actor?: string | null;
                /** @description `meta.next_cursor` of the page before; empty for the first page. */
                cursor?: string | null;
                entity?: string | null;
                entity_id?: string | null;
                /** @description Rows per page. */
                limit?: number;
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
                    "application/json": components["schemas"]["ApiResponse_list_AuditEntryRead__CursorMeta_"];
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
            /** @description The request is not acceptable; `details` names the fields. */
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
    calendars_list_calendars: {
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
                    "application/json": components["schemas"]["ApiResponse_list_CalendarRead__NoneType_"];
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
            /** @description The request is not acceptable; `details` names the fields. */
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
    calendars_list_days: {
        parameters: {
            query: {
                from: string;
                to: string;
            };
            header?: never;
            path: {
                code: string;
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
                    "application/json": components["schemas"]["ApiResponse_list_CalendarDayRead__NoneType_"];
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
            /** @description `CALENDAR_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `CALENDAR_OUT_OF_RANGE` or `CALENDAR_RANGE_TOO_LONG` */
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
    calendars_put_override: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
                day: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OverrideWrite"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_OverrideRead_NoneType_"];
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
            /** @description `CALENDAR_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `CALENDAR_IS_FIXED` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `CALENDAR_OUT_OF_RANGE` */
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
    calendars_delete_override: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
                day: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
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
            /** @description `CALENDAR_NOT_FOUND` or `CALENDAR_OVERRIDE_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `CALENDAR_IS_FIXED` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description The request is not acceptable; `details` names the fields. */
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
    "daily-loads_list_daily_loads": {
        parameters: {
            query?: {
                /** @description Only loads of this date. */
                business_date?: string | null;
                /** @description `meta.next_cursor` of the page before; empty for the first page. */
                cursor?: string | null;
                /** @description Rows per page. */
                limit?: number;
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
                    "application/json": components["schemas"]["ApiResponse_list_DailyLoadRead__CursorMeta_"];
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
    "day-groups_list_day_groups": {
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
                    "application/json": components["schemas"]["ApiResponse_list_DayGroupRead__NoneType_"];
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
            /** @description The request is not acceptable; `details` names the fields. */
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
    "day-groups_create_day_group": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DayGroupWrite"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_DayGroupRead_NoneType_"];
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
            /** @description `CALENDAR_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `DAY_GROUP_NAME_TAKEN` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description The request is not acceptable; `details` names the fields. */
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
    "day-groups_get_day_group": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                group_id: string;
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
                    "application/json": components["schemas"]["ApiResponse_DayGroupRead_NoneType_"];
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
            /** @description `DAY_GROUP_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description The request is not acceptable; `details` names the fields. */
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
    "day-groups_update_day_group": {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the version that the change is based on. */
                "If-Match"?: string | null;
            };
            path: {
                group_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DayGroupWrite"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_DayGroupRead_NoneType_"];
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
            /** @description `CALENDAR_NOT_FOUND` or `DAY_GROUP_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `DAY_GROUP_NAME_TAKEN` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `PRECONDITION_FAILED` */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description The request is not acceptable; `details` names the fields. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `PRECONDITION_REQUIRED` */
            428: {
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
    "day-groups_delete_day_group": {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the version that the change is based on. */
                "If-Match"?: string | null;
            };
            path: {
                group_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
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
            /** @description `DAY_GROUP_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `DAY_GROUP_IN_USE` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `PRECONDITION_FAILED` */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description The request is not acceptable; `details` names the fields. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `PRECONDITION_REQUIRED` */
            428: {
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
    events_stream_events: {
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
                    "text/event-stream": unknown;
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
            /** @description The request is not acceptable; `details` names the fields. */
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
    executions_list_executions: {
        parameters: {
            query?: {
                /** @description Only this business date, in the order of its day. */
                business_date?: string | null;
                /** @description `meta.next_cursor` of the page before; empty for the first page. */
                cursor?: string | null;
                /** @description Rows per page. */
                limit?: number;
                /** @description Part of the routine's name or title, or the job. */
                q?: string | null;
                routine_id?: string | null;
                /** @description Only these statuses. */
                status?: components["schemas"]["Status"][] | null;
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
            /** @description `INVALID_CURSOR` or `SEARCH_INVALID` */
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
    executions_get_execution: {
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
            /** @description `EXECUTION_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description The request is not acceptable; `details` names the fields. */
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
    executions_list_attempts: {
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
            /** @description `EXECUTION_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description The request is not acceptable; `details` names the fields. */
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
    executions_cancel_execution: {
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
            /** @description `EXECUTION_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `EXECUTION_STATE` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description The request is not acceptable; `details` names the fields. */
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
    executions_list_log_lines: {
        parameters: {
            query?: {
                /** @description Only lines after this one. */
                after_seq?: number | null;
                /** @description Only lines of this attempt. */
                attempt?: number | null;
                /** @description `meta.next_cursor` of the page before; empty for the first page. */
                cursor?: string | null;
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
            /** @description `EXECUTION_NOT_FOUND` */
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
    executions_stream_logs: {
        parameters: {
            query?: never;
            header?: {
                /** @description `attempt:seq` of the last line received. */
                "Last-Event-ID"?: string | null;
            };
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
                    "text/event-stream": unknown;
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
            /** @description `EXECUTION_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `LOG_POSITION_INVALID` */
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
    executions_retry_execution: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                execution_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ActionRequest"] | null;
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
            /** @description `EXECUTION_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `EXECUTION_STATE` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description The request is not acceptable; `details` names the fields. */
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
    executions_run_execution_now: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                execution_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ActionRequest"] | null;
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
            /** @description `EXECUTION_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `EXECUTION_STATE` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description The request is not acceptable; `details` names the fields. */
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
    jobs_list_jobs: {
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
                    "application/json": components["schemas"]["ApiResponse_list_JobRead__NoneType_"];
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
            /** @description The request is not acceptable; `details` names the fields. */
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
    jobs_get_job: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
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
                    "application/json": components["schemas"]["ApiResponse_JobRead_NoneType_"];
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
            /** @description `JOB_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description The request is not acceptable; `details` names the fields. */
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
    access_me: {
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
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description The request is not acceptable; `details` names the fields. */
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
    pools_list_pools: {
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
                    "application/json": components["schemas"]["ApiResponse_list_PoolRead__NoneType_"];
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
            /** @description The request is not acceptable; `details` names the fields. */
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
    pools_create_pool: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PoolCreate"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_PoolRead_NoneType_"];
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
            /** @description `POOL_NAME_TAKEN` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description The request is not acceptable; `details` names the fields. */
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
    pools_get_pool: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
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
                    "application/json": components["schemas"]["ApiResponse_PoolRead_NoneType_"];
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
            /** @description `POOL_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description The request is not acceptable; `details` names the fields. */
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
    pools_update_pool: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PoolChange"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_PoolRead_NoneType_"];
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
            /** @description `POOL_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description The request is not acceptable; `details` names the fields. */
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
    pools_delete_pool: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
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
            /** @description `POOL_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `POOL_IN_USE` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description The request is not acceptable; `details` names the fields. */
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
    routines_list_routines: {
        parameters: {
            query?: {
                /** @description `meta.next_cursor` of the page before; empty for the first page. */
                cursor?: string | null;
                day_group_id?: string | null;
                job?: string | null;
                /** @description Rows per page. */
                limit?: number;
                paused?: boolean | null;
                /** @description Part of the name or title. */
                q?: string | null;
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
                    "application/json": components["schemas"]["ApiResponse_list_RoutineRead__CursorMeta_"];
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
    routines_create_routine: {
        parameters: {
            query?: {
                /** @description Accept a job that no worker has announced yet; its params are then not checked. */
                allow_unknown_job?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoutineWrite"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_RoutineRead_NoneType_"];
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
            /** @description `ROUTINE_NAME_TAKEN` or `ROUTINE_REFERENCES_CHANGED` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `DAY_GROUP_UNKNOWN` or `JOB_UNKNOWN` or `POOL_UNKNOWN` or `ROUTINE_DEPENDENCY_CYCLE` or `ROUTINE_DEPENDENCY_UNKNOWN` or `ROUTINE_ONCE_NEVER_RUNS` or `ROUTINE_PARAMS_INVALID` */
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
    routines_get_routine: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                routine_id: string;
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
                    "application/json": components["schemas"]["ApiResponse_RoutineRead_NoneType_"];
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
            /** @description `ROUTINE_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description The request is not acceptable; `details` names the fields. */
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
    routines_replace_routine: {
        parameters: {
            query?: {
                /** @description Accept a job that no worker has announced yet; its params are then not checked. */
                allow_unknown_job?: boolean;
            };
            header?: {
                /** @description ETag of the version that the change is based on. */
                "If-Match"?: string | null;
            };
            path: {
                routine_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoutineWrite"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_RoutineRead_NoneType_"];
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
            /** @description `ROUTINE_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `ROUTINE_NAME_TAKEN` or `ROUTINE_REFERENCES_CHANGED` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `PRECONDITION_FAILED` */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `DAY_GROUP_UNKNOWN` or `JOB_UNKNOWN` or `POOL_UNKNOWN` or `ROUTINE_DEPENDENCY_CYCLE` or `ROUTINE_DEPENDENCY_UNKNOWN` or `ROUTINE_ONCE_NEVER_RUNS` or `ROUTINE_PARAMS_INVALID` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `PRECONDITION_REQUIRED` */
            428: {
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
    routines_delete_routine: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the version that the change is based on. */
                "If-Match"?: string | null;
            };
            path: {
                routine_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
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
            /** @description `ROUTINE_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `ROUTINE_IN_USE` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `PRECONDITION_FAILED` */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description The request is not acceptable; `details` names the fields. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `PRECONDITION_REQUIRED` */
            428: {
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
    routines_patch_routine: {
        parameters: {
            query?: {
                /** @description Accept a job that no worker has announced yet; its params are then not checked. */
                allow_unknown_job?: boolean;
            };
            header?: {
                /** @description ETag of the version that the change is based on. */
                "If-Match"?: string | null;
            };
            path: {
                routine_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoutinePatch"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_RoutineRead_NoneType_"];
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
            /** @description `ROUTINE_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `ROUTINE_NAME_TAKEN` or `ROUTINE_REFERENCES_CHANGED` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `PRECONDITION_FAILED` */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `DAY_GROUP_UNKNOWN` or `JOB_UNKNOWN` or `POOL_UNKNOWN` or `ROUTINE_DEPENDENCY_CYCLE` or `ROUTINE_DEPENDENCY_UNKNOWN` or `ROUTINE_ONCE_NEVER_RUNS` or `ROUTINE_PARAMS_INVALID` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `PRECONDITION_REQUIRED` */
            428: {
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
    routines_pause_routine: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                routine_id: string;
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
                    "application/json": components["schemas"]["ApiResponse_RoutineRead_NoneType_"];
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
            /** @description `ROUTINE_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description The request is not acceptable; `details` names the fields. */
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
    routines_preview_routine: {
        parameters: {
            query: {
                from: string;
                to: string;
            };
            header?: never;
            path: {
                routine_id: string;
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
                    "application/json": components["schemas"]["ApiResponse_RoutinePreview_NoneType_"];
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
            /** @description `ROUTINE_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `PREVIEW_TOO_LONG` */
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
    routines_resume_routine: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                routine_id: string;
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
                    "application/json": components["schemas"]["ApiResponse_RoutineRead_NoneType_"];
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
            /** @description `ROUTINE_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description The request is not acceptable; `details` names the fields. */
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
    routines_run_routine: {
        parameters: {
            query?: never;
            header?: {
                /** @description Repeating a request with its key gives the same execution and creates nothing. Kept for 24 hours. */
                "Idempotency-Key"?: string | null;
            };
            path: {
                routine_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RunRequest"] | null;
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_ExecutionRead_NoneType_"];
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
            /** @description `ROUTINE_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `BUSINESS_DATE_TOO_FAR` or `IDEMPOTENCY_KEY_REUSED` or `ROUTINE_PARAMS_INVALID` */
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
    scheduler_load_day: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["DayRequest"] | null;
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_DailyLoadRead_NoneType_"];
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
            /** @description `BUSINESS_DATE_TOO_FAR` */
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
    scheduler_list_logs: {
        parameters: {
            query?: {
                /** @description `meta.next_cursor` of the page before; empty for the first page. */
                cursor?: string | null;
                /** @description Only these events. */
                event?: components["schemas"]["LogEvent"][] | null;
                /** @description Only these levels. */
                level?: ("INFO" | "WARNING" | "ERROR")[] | null;
                /** @description Rows per page. */
                limit?: number;
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
                    "application/json": components["schemas"]["ApiResponse_list_SchedulerLogRead__CursorMeta_"];
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
    scheduler_monitor_status: {
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
                    "application/json": components["schemas"]["ApiResponse_MonitorStatus_NoneType_"];
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
            /** @description The request is not acceptable; `details` names the fields. */
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
    scheduler_queue_status: {
        parameters: {
            query?: {
                /** @description Without it today in São Paulo. */
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
            /** @description The request is not acceptable; `details` names the fields. */
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
    scheduler_run_day: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["DayRequest"] | null;
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_DayRun_NoneType_"];
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
            /** @description `BUSINESS_DATE_TOO_FAR` */
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
    workers_list_workers: {
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
                    "application/json": components["schemas"]["ApiResponse_list_WorkerRead__NoneType_"];
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
            /** @description The request is not acceptable; `details` names the fields. */
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
