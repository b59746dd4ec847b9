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
    "/api/v1/backfills": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List backfills
         * @description Backfills with their progress, the newest first.
         */
        get: operations["backfills_list_backfills"];
        put?: never;
        /**
         * Create a backfill
         * @description Writes an execution per routine and business date, as one object with a cap and a priority of its own.
         *
         *     The same request again answers 200 with the existing backfill, whatever its state, and creates nothing.
         */
        post: operations["backfills_create_backfill"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/backfills/{backfill_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a backfill
         * @description One backfill with its progress by status and by business date.
         */
        get: operations["backfills_get_backfill"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/backfills/{backfill_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a backfill
         * @description Cancels all that waits and, unless `keep_running`, asks what runs to stop. It cannot be resumed.
         */
        post: operations["backfills_cancel_backfill"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/backfills/{backfill_id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause a backfill
         * @description Starts nothing more of it until it is resumed; what runs goes on.
         */
        post: operations["backfills_pause_backfill"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/backfills/{backfill_id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume a backfill
         * @description Goes on where it was paused.
         */
        post: operations["backfills_resume_backfill"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/backfills/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Preview a backfill
         * @description The business dates of each routine, what is there already and what would run. Writes nothing.
         */
        post: operations["backfills_preview_backfill"];
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
        /**
         * Create a calendar
         * @description Add a calendar of one's own (`custom`), or one that is made of others (`union`, `intersection`).
         */
        post: operations["calendars_create_calendar"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calendars/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a calendar
         * @description One calendar; the ETag header is what a change must send as If-Match.
         */
        get: operations["calendars_get_calendar"];
        put?: never;
        post?: never;
        /**
         * Delete a calendar
         * @description Delete a calendar that no day group uses and that no other calendar is, or ever was, made of.
         */
        delete: operations["calendars_delete_calendar"];
        options?: never;
        head?: never;
        /**
         * Rename a calendar
         * @description Change the name for people; the code stays.
         */
        patch: operations["calendars_rename_calendar"];
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
         *
         *     With `as_of`, as the calendar and its overrides stood then: what a run of that time had to go by.
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
    "/api/v1/calendars/{code}/overrides": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Corrected dates
         * @description Corrections by people of dates from `from` to `to` (included; at most 800 days), by date and age.
         */
        get: operations["calendars_list_overrides"];
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
    "/api/v1/calendars/{code}/overrides/{day}/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What an override would change
         * @description Which dates change, in which calendars and day groups, and which routines that concerns. Saves nothing.
         *
         *     Without a body: what taking the override of the date back would change.
         */
        post: operations["calendars_preview_override"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calendars/{code}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Versions of a calendar
         * @description Every version that the calendar had, the newest first: who published it, when, and what it was made of.
         */
        get: operations["calendars_list_versions"];
        put?: never;
        /**
         * Publish a version
         * @description New days, holidays, coverage or members, from now on. Earlier versions stay readable; overrides stay above all.
         *
         *     The content of the newest version again adds nothing. What is left of today is loaded again for every routine on the
         *     calendar, or on one that is made of it.
         */
        post: operations["calendars_add_version"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calendars/{code}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a version
         * @description One version with what a person wrote: change that and publish it as the next version.
         */
        get: operations["calendars_get_version"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calendars/{code}/versions/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What a version would change
         * @description Which dates change, in which calendars and day groups, and which routines that concerns. Saves nothing.
         */
        post: operations["calendars_preview_version"];
        delete?: never;
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
    "/api/v1/daily-loads/days": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List days by how they were loaded
         * @description Every date with its state: a day that no scheduler loaded is NOT_LOADED, one that lacks routines INCOMPLETE.
         */
        get: operations["daily-loads_list_load_days"];
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
         * @description Add a day group: a calendar and a rule that chooses among its business days, plus and minus single dates.
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
    "/api/v1/day-groups/{group_id}/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What an edit of a day group would change
         * @description On which dates its routines would run, or run no more, and which routines those are. Saves nothing.
         */
        post: operations["day-groups_preview_day_group"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deadlines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List deadlines of groups
         * @description Every deadline that holds for all routines with a tag, by name.
         */
        get: operations["deadlines_list_deadlines"];
        put?: never;
        /**
         * Create a deadline of a group
         * @description All routines with a tag are to be ready by a local time, counted in business days of a calendar.
         */
        post: operations["deadlines_create_deadline"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deadlines/{deadline_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change a deadline of a group
         * @description Replace a deadline. Deadlines that have passed already keep what was said about them.
         */
        put: operations["deadlines_update_deadline"];
        post?: never;
        /**
         * Delete a deadline of a group
         * @description Remove a deadline.
         */
        delete: operations["deadlines_delete_deadline"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deadlines/day": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How a day's deadlines stand
         * @description The deadlines of routines and of groups for one business date, by time, and what is still missing for each.
         */
        get: operations["deadlines_deadlines_of_day"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/definitions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export definitions
         * @description Calendars of one's own, pools, day groups and routines as YAML, to be kept in git.
         *
         *     Secrets are not among them: secret params read `***`, which keeps what is stored when the document is applied.
         */
        get: operations["definitions_export_definitions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/definitions/apply": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Apply definitions
         * @description Makes everything as the document says, or nothing at all. Applying it again changes nothing.
         */
        post: operations["definitions_apply_definitions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/definitions/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Plan definitions
         * @description What applying the document would create, update and delete, field by field. Nothing is changed.
         *
         *     Every problem is told with its line.
         */
        post: operations["definitions_plan_definitions"];
        delete?: never;
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
         *     Every execution that is not running says why in `reason`. With `business_date` text and tag are looked for in what
         *     the executions themselves carry, else in what their routines are called now.
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
    "/api/v1/executions/{execution_id}/artifacts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List artifacts
         * @description The files that an execution's attempts left, those of the newest attempt first. The worker need not be there.
         */
        get: operations["executions_list_artifacts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/executions/{execution_id}/artifacts/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download an artifact
         * @description The file's bytes, as an attachment. `Range` with one range of bytes is understood; the ETag is the checksum.
         */
        get: operations["executions_download_artifact"];
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
         * @description Opens a FAILED, CANCELLED or SKIPPED execution again, due now, with all attempts anew.
         *
         *     With it comes what waits for it and did not come to run, unless `with_downstream` is false; `meta` names it.
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
    "/api/v1/executions/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Act on many executions
         * @description Cancels, retries or runs now up to 1,000 executions, and says of each what became of it.
         *
         *     A filter without statuses finds those that the action is possible for.
         */
        post: operations["executions_act_on_executions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/hooks/{routine_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Call a routine's webhook
         * @description Starts the routine for a program that knows its secret, sent as a bearer token or used to sign the body.
         *
         *     `params` of a JSON body replace the routine's own by name, `business_date` says which date; the whole body, at most
         *     64 KiB, is kept with the execution. The same `Idempotency-Key` or `X-GitHub-Delivery` gives the same execution.
         */
        post: operations["webhooks_call_hook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List incidents
         * @description What was or is wrong, the newest first: failures, missed deadlines, silence of parts of the engine.
         */
        get: operations["incidents_list_incidents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{incident_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an incident
         * @description One incident.
         */
        get: operations["incidents_get_incident"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{incident_id}/acknowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Acknowledge an incident
         * @description Say that you look after it. The first one to say so stays; if it is opened again, it needs somebody anew.
         */
        post: operations["incidents_acknowledge_incident"];
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
    "/api/v1/notifications/channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List channels
         * @description All channels by name, without their secrets.
         */
        get: operations["notifications_list_channels"];
        put?: never;
        /**
         * Create a channel
         * @description Add a webhook, an e-mail or a Slack-compatible channel. Secrets are stored sealed and never shown again.
         *
         *     Unless `everything` is false, it is told of every incident: it joins the default rule, which is made if need be.
         */
        post: operations["notifications_create_channel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notifications/channels/{channel_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a channel
         * @description One channel, without its secrets.
         */
        get: operations["notifications_get_channel"];
        /**
         * Change a channel
         * @description Replace a channel; secrets that are left out stay. What waits for it goes out with the new settings.
         */
        put: operations["notifications_update_channel"];
        post?: never;
        /**
         * Delete a channel
         * @description Remove a channel from every rule, with what waits for it and what was sent through it.
         */
        delete: operations["notifications_delete_channel"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notifications/channels/{channel_id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try a channel
         * @description Send a test message now, once, and say whether it was accepted. Takes up to 30 s when the other side is slow.
         */
        post: operations["notifications_test_channel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notifications/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List messages
         * @description Messages to channels, the newest first, with the last error of those that did not arrive.
         */
        get: operations["notifications_list_deliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notifications/deliveries/{delivery_id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try a message again
         * @description Give a message that was given up all its tries anew, under the same id.
         */
        post: operations["notifications_retry_delivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notifications/rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List rules
         * @description All rules, the oldest first: of two that send an incident to one channel, the first does.
         */
        get: operations["notifications_list_rules"];
        put?: never;
        /**
         * Create a rule
         * @description Say which incidents of which routines go to which channels. It is about what happens from now on.
         */
        post: operations["notifications_create_rule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notifications/rules/{rule_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change a rule
         * @description Replace a rule.
         */
        put: operations["notifications_update_rule"];
        post?: never;
        /**
         * Delete a rule
         * @description Remove a rule.
         */
        delete: operations["notifications_delete_rule"];
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
         *
         *     `***` in place of a secret param keeps what is stored, as it does when a routine is replaced.
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
         *
         *     With `dry_run` the answer is 200 with what would be written and, in `reason`, what it would wait for right now.
         */
        post: operations["routines_run_routine"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routines/{routine_id}/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Statistics of a routine
         * @description One routine, per business date and in all. A deleted one keeps its numbers; an unknown one has none.
         */
        get: operations["stats_stats_of_routine"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routines/{routine_id}/webhook-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read about a webhook's secret
         * @description Who made the secret, and when; the secret itself is not kept.
         */
        get: operations["webhooks_get_hook_secret"];
        put?: never;
        /**
         * Make a webhook's secret
         * @description Makes a new secret and shows it, this once. The one before ends at the same moment.
         */
        post: operations["webhooks_new_hook_secret"];
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
    "/api/v1/scheduler/maintenance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Remove old history
         * @description Removes what is past its time, as the schedulers do every hour; with `dry_run` only shows it.
         *
         *     Months of executions go whole, with attempts and logs; their daily statistics stay. The audit log is kept.
         */
        post: operations["scheduler_run_maintenance"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/scheduler/monitor/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Check the engine's health now
         * @description What the schedulers do every hour: looks at everything and keeps the outcome in the log as HEALTH_CHECK.
         */
        post: operations["scheduler_check_health"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/scheduler/monitor/restart": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restart loops
         * @description Asks the schedulers, or one, to begin their loops, or some, anew; each reports when it has.
         *
         *     Steps at hand may end first, so no work is lost or done twice. Read the answer's id until it is `done`.
         */
        post: operations["scheduler_restart_loops"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/scheduler/monitor/restart/{restart_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a restart
         * @description Which schedulers have restarted which loops.
         */
        get: operations["scheduler_get_restart"];
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
         * @description Schedulers with their loops, workers with what they run, queues, streams, stores, and what needs a person.
         *
         *     A Redis that is away is told of under `streams` and in `problems`; it is no error of this route.
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
    "/api/v1/scheduler/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Preview a day
         * @description What runs on a date in the order of the queue, by the daily load's computation; and why the others do not.
         */
        get: operations["scheduler_preview_day"];
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
    "/api/v1/stats/days": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Statistics by day
         * @description All routines together, per business date and in all; at most 400 days. Today is counted as it stands.
         */
        get: operations["stats_stats_by_day"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stats/routines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Statistics by routine
         * @description Each routine with its runs, rates, durations and start delays over all the dates together.
         */
        get: operations["stats_stats_by_routine"];
        put?: never;
        post?: never;
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
        /** @enum {string} */
        Action: "create" | "update" | "delete" | "unchanged";
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
        /** AffectedRoutine */
        AffectedRoutine: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Name */
            name: string;
            /** Paused */
            paused: boolean;
            /** Title */
            title: string;
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
        /** ApiResponse[BackfillDetail, NoneType] */
        ApiResponse_BackfillDetail_NoneType_: {
            data: components["schemas"]["BackfillDetail"];
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
        /** ApiResponse[BackfillPreview, NoneType] */
        ApiResponse_BackfillPreview_NoneType_: {
            data: components["schemas"]["BackfillPreview"];
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
        /** ApiResponse[BulkResult, NoneType] */
        ApiResponse_BulkResult_NoneType_: {
            data: components["schemas"]["BulkResult"];
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
        /** ApiResponse[CalendarRead, NoneType] */
        ApiResponse_CalendarRead_NoneType_: {
            data: components["schemas"]["CalendarRead"];
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
        /** ApiResponse[CalendarVersionDetail, NoneType] */
        ApiResponse_CalendarVersionDetail_NoneType_: {
            data: components["schemas"]["CalendarVersionDetail"];
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
        /** ApiResponse[ChannelRead, NoneType] */
        ApiResponse_ChannelRead_NoneType_: {
            data: components["schemas"]["ChannelRead"];
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
        /** ApiResponse[ChannelTestRead, NoneType] */
        ApiResponse_ChannelTestRead_NoneType_: {
            data: components["schemas"]["ChannelTestRead"];
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
        /** ApiResponse[CheckRead, NoneType] */
        ApiResponse_CheckRead_NoneType_: {
            data: components["schemas"]["CheckRead"];
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
        /** ApiResponse[DayChanges, NoneType] */
        ApiResponse_DayChanges_NoneType_: {
            data: components["schemas"]["DayChanges"];
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
        /** ApiResponse[DayPreview, NoneType] */
        ApiResponse_DayPreview_NoneType_: {
            data: components["schemas"]["DayPreview"];
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
        /** ApiResponse[DaysRead, NoneType] */
        ApiResponse_DaysRead_NoneType_: {
            data: components["schemas"]["DaysRead"];
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
        /** ApiResponse[DeliveryRead, NoneType] */
        ApiResponse_DeliveryRead_NoneType_: {
            data: components["schemas"]["DeliveryRead"];
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
        /** ApiResponse[ExecutionRead, RetryMeta] */
        ApiResponse_ExecutionRead_RetryMeta_: {
            data: components["schemas"]["ExecutionRead"];
            /** Errors */
            errors: null;
            meta: components["schemas"]["RetryMeta"];
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
        /** ApiResponse[ExecutionRead, RunMeta] */
        ApiResponse_ExecutionRead_RunMeta_: {
            data: components["schemas"]["ExecutionRead"];
            /** Errors */
            errors: null;
            meta: components["schemas"]["RunMeta"];
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
        /** ApiResponse[GroupDeadlineRead, NoneType] */
        ApiResponse_GroupDeadlineRead_NoneType_: {
            data: components["schemas"]["GroupDeadlineRead"];
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
        /** ApiResponse[HookAnswer, NoneType] */
        ApiResponse_HookAnswer_NoneType_: {
            data: components["schemas"]["HookAnswer"];
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
        /** ApiResponse[HookSecret, NoneType] */
        ApiResponse_HookSecret_NoneType_: {
            data: components["schemas"]["HookSecret"];
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
        /** ApiResponse[HookSecretRead, NoneType] */
        ApiResponse_HookSecretRead_NoneType_: {
            data: components["schemas"]["HookSecretRead"];
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
        /** ApiResponse[IncidentRead, NoneType] */
        ApiResponse_IncidentRead_NoneType_: {
            data: components["schemas"]["IncidentRead"];
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
        /** ApiResponse[list[ArtifactRead], NoneType] */
        ApiResponse_list_ArtifactRead__NoneType_: {
            /** Data */
            data: components["schemas"]["ArtifactRead"][];
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
        /** ApiResponse[list[BackfillRead], CursorMeta] */
        ApiResponse_list_BackfillRead__CursorMeta_: {
            /** Data */
            data: components["schemas"]["BackfillRead"][];
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
        /** ApiResponse[list[CalendarVersionRead], CursorMeta] */
        ApiResponse_list_CalendarVersionRead__CursorMeta_: {
            /** Data */
            data: components["schemas"]["CalendarVersionRead"][];
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
        /** ApiResponse[list[ChannelRead], NoneType] */
        ApiResponse_list_ChannelRead__NoneType_: {
            /** Data */
            data: components["schemas"]["ChannelRead"][];
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
        /** ApiResponse[list[DeadlineDayRead], NoneType] */
        ApiResponse_list_DeadlineDayRead__NoneType_: {
            /** Data */
            data: components["schemas"]["DeadlineDayRead"][];
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
        /** ApiResponse[list[DeliveryRead], CursorMeta] */
        ApiResponse_list_DeliveryRead__CursorMeta_: {
            /** Data */
            data: components["schemas"]["DeliveryRead"][];
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
        /** ApiResponse[list[GroupDeadlineRead], NoneType] */
        ApiResponse_list_GroupDeadlineRead__NoneType_: {
            /** Data */
            data: components["schemas"]["GroupDeadlineRead"][];
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
        /** ApiResponse[list[IncidentRead], CursorMeta] */
        ApiResponse_list_IncidentRead__CursorMeta_: {
            /** Data */
            data: components["schemas"]["IncidentRead"][];
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
        /** ApiResponse[list[LoadDayRead], NoneType] */
        ApiResponse_list_LoadDayRead__NoneType_: {
            /** Data */
            data: components["schemas"]["LoadDayRead"][];
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
        /** ApiResponse[list[OverrideHistoryRead], NoneType] */
        ApiResponse_list_OverrideHistoryRead__NoneType_: {
            /** Data */
            data: components["schemas"]["OverrideHistoryRead"][];
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
        /** ApiResponse[list[RuleRead], NoneType] */
        ApiResponse_list_RuleRead__NoneType_: {
            /** Data */
            data: components["schemas"]["RuleRead"][];
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
        /** ApiResponse[MaintenanceRead, NoneType] */
        ApiResponse_MaintenanceRead_NoneType_: {
            data: components["schemas"]["MaintenanceRead"];
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
        /** ApiResponse[PlanRead, NoneType] */
        ApiResponse_PlanRead_NoneType_: {
            data: components["schemas"]["PlanRead"];
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
        /** ApiResponse[RestartRead, NoneType] */
        ApiResponse_RestartRead_NoneType_: {
            data: components["schemas"]["RestartRead"];
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
        /** ApiResponse[RoutinesRead, NoneType] */
        ApiResponse_RoutinesRead_NoneType_: {
            data: components["schemas"]["RoutinesRead"];
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
        /** ApiResponse[RuleRead, NoneType] */
        ApiResponse_RuleRead_NoneType_: {
            data: components["schemas"]["RuleRead"];
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
         * ArtifactRead
         * @description A file that an attempt left. `sha256` is of its bytes, in hexadecimal.
         */
        ArtifactRead: {
            /** Attempt */
            attempt: number;
            /** Content Type */
            content_type: string;
            /** Name */
            name: string;
            /** Sha256 */
            sha256: string;
            /** Size Bytes */
            size_bytes: number;
            /**
             * Stored At
             * Format: date-time
             */
            stored_at: string;
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
         * BackfillActionsRead
         * @description What the present state allows; whether the caller may is a matter of their role.
         */
        BackfillActionsRead: {
            /** Cancel */
            cancel: boolean;
            /** Pause */
            pause: boolean;
            /** Resume */
            resume: boolean;
        };
        /**
         * BackfillCreate
         * @description `max_active` of its runs at once, behind everything of a smaller `priority` number.
         *
         *     The same request again gives the existing backfill and creates nothing; another `name` makes it another one. The cap
         *     and the priority are not part of what makes a request the same.
         * @example {
         *       "end": "2026-11-19",
         *       "mode": "missing",
         *       "params": {},
         *       "start": "2026-11-03",
         *       "tags": [
         *         "b3"
         *       ]
         *     }
         */
        BackfillCreate: {
            /**
             * End
             * Format: date
             */
            end: string;
            /**
             * Max Active
             * @default 4
             */
            max_active: number;
            /**
             * Mode
             * @default all
             * @enum {string}
             */
            mode: "all" | "missing" | "failed";
            /**
             * Name
             * @default
             */
            name: string;
            /** Params */
            params?: {
                [key: string]: unknown;
            };
            /**
             * Priority
             * @default 900
             */
            priority: number;
            /**
             * Routine Ids
             * @default []
             */
            routine_ids: string[];
            /**
             * Start
             * Format: date
             */
            start: string;
            /**
             * Tags
             * @default []
             */
            tags: string[];
        };
        /**
         * BackfillDateRead
         * @description One business date of a backfill: its executions by status.
         */
        BackfillDateRead: {
            /**
             * Business Date
             * Format: date
             */
            business_date: string;
            /** Counts */
            counts: {
                [key: string]: number;
            };
        };
        /**
         * BackfillDetail
         * @description A backfill with its progress by business date, the earliest first.
         */
        BackfillDetail: {
            actions: components["schemas"]["BackfillActionsRead"];
            /** Counts */
            counts: {
                [key: string]: number;
            };
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Dates */
            dates: components["schemas"]["BackfillDateRead"][];
            /**
             * End
             * Format: date
             */
            end: string;
            /** Ended */
            ended: number;
            /** Finished At */
            finished_at: string | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Max Active */
            max_active: number;
            /**
             * Mode
             * @enum {string}
             */
            mode: "all" | "missing" | "failed";
            /** Name */
            name: string;
            /** Params */
            params: {
                [key: string]: unknown;
            };
            /** Priority */
            priority: number;
            /** Requested By */
            requested_by: string;
            /** Routines */
            routines: components["schemas"]["BackfillRoutineRead"][];
            /**
             * Start
             * Format: date
             */
            start: string;
            status: components["schemas"]["BackfillStatus"];
            /** Total */
            total: number;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /**
         * BackfillPreview
         * @description What a backfill would write; nothing is written. `same_request` is the backfill that this request made before.
         */
        BackfillPreview: {
            /** Dates */
            dates: number;
            /**
             * End
             * Format: date
             */
            end: string;
            /** Executions */
            executions: number;
            /**
             * Mode
             * @enum {string}
             */
            mode: "all" | "missing" | "failed";
            /** Routines */
            routines: components["schemas"]["RoutineDatesRead"][];
            /** Same Request */
            same_request: string | null;
            /**
             * Start
             * Format: date
             */
            start: string;
        };
        /**
         * BackfillRange
         * @description Routines, by id or by any of the tags, on every business date from `start` to `end`, both included.
         *
         *     `all` runs every date again. `missing` runs what never ran: dates without an execution, or whose latest one was
         *     skipped or cancelled. `failed` runs the dates whose latest execution failed. `params` replace the routines' own by
         *     name, for these runs only; `***` in place of a secret keeps each routine's own.
         * @example {
         *       "end": "2026-11-19",
         *       "mode": "missing",
         *       "params": {},
         *       "start": "2026-11-03",
         *       "tags": [
         *         "b3"
         *       ]
         *     }
         */
        BackfillRange: {
            /**
             * End
             * Format: date
             */
            end: string;
            /**
             * Mode
             * @default all
             * @enum {string}
             */
            mode: "all" | "missing" | "failed";
            /** Params */
            params?: {
                [key: string]: unknown;
            };
            /**
             * Routine Ids
             * @default []
             */
            routine_ids: string[];
            /**
             * Start
             * Format: date
             */
            start: string;
            /**
             * Tags
             * @default []
             */
            tags: string[];
        };
        /**
         * BackfillRead
         * @description `counts` are its executions by status, `ended` of `total` are over. DONE when all are.
         *
         *     In `params`, what is secret to the job of any of its routines reads `***`.
         */
        BackfillRead: {
            actions: components["schemas"]["BackfillActionsRead"];
            /** Counts */
            counts: {
                [key: string]: number;
            };
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * End
             * Format: date
             */
            end: string;
            /** Ended */
            ended: number;
            /** Finished At */
            finished_at: string | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Max Active */
            max_active: number;
            /**
             * Mode
             * @enum {string}
             */
            mode: "all" | "missing" | "failed";
            /** Name */
            name: string;
            /** Params */
            params: {
                [key: string]: unknown;
            };
            /** Priority */
            priority: number;
            /** Requested By */
            requested_by: string;
            /** Routines */
            routines: components["schemas"]["BackfillRoutineRead"][];
            /**
             * Start
             * Format: date
             */
            start: string;
            status: components["schemas"]["BackfillStatus"];
            /** Total */
            total: number;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /** BackfillRoutineRead */
        BackfillRoutineRead: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Name */
            name: string;
        };
        /**
         * BackfillStatus
         * @enum {string}
         */
        BackfillStatus: "ACTIVE" | "PAUSED" | "CANCELLED" | "DONE";
        /**
         * BandRead
         * @description A priority band of a queue: 1 for priorities 1-10, 2 for 11-20, 3 for 21 and up.
         */
        BandRead: {
            /** Band */
            band: number;
            /** Due */
            due: number;
            /** Oldest Due Seconds */
            oldest_due_seconds: number | null;
            /** Queued */
            queued: number;
            /** Running */
            running: number;
        };
        /**
         * BulkFilter
         * @description The executions that a list with the same filter shows.
         */
        BulkFilter: {
            /** Backfill Id */
            backfill_id?: string | null;
            /** Business Date */
            business_date?: string | null;
            /** Q */
            q?: string | null;
            /** Routine Id */
            routine_id?: string | null;
            /**
             * Status
             * @default []
             */
            status: components["schemas"]["Status"][];
            /** Tag */
            tag?: string | null;
        };
        /**
         * BulkItem
         * @description What became of one execution. `status` is the one that it has now; `message` says what to do about a refusal.
         */
        BulkItem: {
            /**
             * Execution Id
             * Format: uuid
             */
            execution_id: string;
            /** Message */
            message: string | null;
            /**
             * Outcome
             * @enum {string}
             */
            outcome: "done" | "refused" | "not_found";
            /** Routine Name */
            routine_name: string | null;
            status: components["schemas"]["Status"] | null;
        };
        /**
         * BulkRequest
         * @description One action on many executions, given by `ids` or found by `filter`; at most 1,000 at a time.
         */
        BulkRequest: {
            /**
             * Action
             * @example retry
             * @enum {string}
             */
            action: "cancel" | "retry" | "run_now";
            filter?: components["schemas"]["BulkFilter"] | null;
            /**
             * Ids
             * @default []
             */
            ids: string[];
        };
        /**
         * BulkResult
         * @description `more` is true when the filter finds still more: repeat the request for the next 1,000.
         */
        BulkResult: {
            /** Action */
            action: string;
            /** Done */
            done: number;
            /** Items */
            items: components["schemas"]["BulkItem"][];
            /** More */
            more: boolean;
            /** Refused */
            refused: number;
        };
        /**
         * CalendarChange
         * @description Dates that become business days, or cease to be; and how far the calendar reaches before and after.
         */
        CalendarChange: {
            /** Added */
            added: string[];
            /** Code */
            code: string;
            /**
             * Coverage End After
             * Format: date
             */
            coverage_end_after: string;
            /**
             * Coverage End Before
             * Format: date
             */
            coverage_end_before: string;
            /** Removed */
            removed: string[];
        };
        /**
         * CalendarCreate
         * @description A calendar of one's own.
         */
        CalendarCreate: {
            /**
             * Code
             * @example NYSE
             */
            code: string;
            /** Content */
            content: components["schemas"]["CustomContent"] | components["schemas"]["CombinedContent"];
            /**
             * Name
             * @example New York Stock Exchange
             */
            name: string;
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
         * CalendarNote
         * @description What a calendar that some routine follows says about the date; null when it says nothing about it.
         *
         *     The note is a holiday's name or an override's reason.
         */
        CalendarNote: {
            /** Calendar Code */
            calendar_code: string;
            /** Is Business Day */
            is_business_day: boolean | null;
            /** Note */
            note: string | null;
        };
        /**
         * CalendarRead
         * @description A calendar with its newest version; `version` and what belongs to it are null for EVERY_DAY.
         *
         *     `members` are the calendars that a union or an intersection is made of; its coverage is what all of them cover.
         *     `revision` grows whenever the days may have changed; it is the ETag of a change.
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
            kind: "generated" | "custom" | "every_day" | "union" | "intersection";
            /** Members */
            members: string[];
            /** Name */
            name: string;
            /** Overrides */
            overrides: number;
            /** Published At */
            published_at: string | null;
            /** Published By */
            published_by: string | null;
            /** Revision */
            revision: number;
            /** Sha256 */
            sha256: string | null;
            /** Source */
            source: string | null;
            /** Time Zone */
            time_zone: string;
            /** Version */
            version: number | null;
        };
        /** CalendarRename */
        CalendarRename: {
            /**
             * Name
             * @example B3, pregões
             */
            name: string;
        };
        /**
         * CalendarVersionDetail
         * @description One version with what a person wrote, in the form that the next version is written in; null if shipped.
         */
        CalendarVersionDetail: {
            /** Content */
            content: {
                [key: string]: unknown;
            } | null;
            /** Coverage End */
            coverage_end: string | null;
            /** Coverage Start */
            coverage_start: string | null;
            /** Members */
            members: string[];
            /**
             * Published At
             * Format: date-time
             */
            published_at: string;
            /** Published By */
            published_by: string | null;
            /** Sha256 */
            sha256: string;
            /** Source */
            source: string;
            /** Version */
            version: number;
        };
        /**
         * CalendarVersionRead
         * @description One version: it held from `published_at` until the next. A combined calendar's has members and no coverage.
         */
        CalendarVersionRead: {
            /** Coverage End */
            coverage_end: string | null;
            /** Coverage Start */
            coverage_start: string | null;
            /** Members */
            members: string[];
            /**
             * Published At
             * Format: date-time
             */
            published_at: string;
            /** Published By */
            published_by: string | null;
            /** Sha256 */
            sha256: string;
            /** Source */
            source: string;
            /** Version */
            version: number;
        };
        /**
         * CancelRequest
         * @description Whether what runs already may end by itself instead of being asked to stop.
         */
        CancelRequest: {
            /**
             * Keep Running
             * @default false
             */
            keep_running: boolean;
        };
        /**
         * ChainedRead
         * @description An execution that a retry brought with it.
         */
        ChainedRead: {
            /**
             * Business Date
             * Format: date
             */
            business_date: string;
            /**
             * Execution Id
             * Format: uuid
             */
            execution_id: string;
            /**
             * Outcome
             * @enum {string}
             */
            outcome: "reopened" | "runs_again";
            /**
             * Routine Id
             * Format: uuid
             */
            routine_id: string;
            /** Routine Name */
            routine_name: string;
        };
        /**
         * ChainedRunRead
         * @description A run that comes after the one that was asked for.
         */
        ChainedRunRead: {
            /**
             * Business Date
             * Format: date
             */
            business_date: string;
            /**
             * Execution Id
             * Format: uuid
             */
            execution_id: string;
            /**
             * Routine Id
             * Format: uuid
             */
            routine_id: string;
            /** Routine Name */
            routine_name: string;
        };
        /**
         * Change
         * @description What becomes of one thing. `line` is where the document describes it, null for what it does not.
         */
        Change: {
            action: components["schemas"]["Action"];
            /** Fields */
            fields: components["schemas"]["FieldChange"][];
            kind: components["schemas"]["core_api__modules__definitions__schemas__Kind"];
            /** Line */
            line: number | null;
            /** Name */
            name: string;
        };
        /**
         * ChannelRead
         * @description A channel. `config` is what its kind takes, without secrets; `secrets_set` names those that are stored.
         */
        ChannelRead: {
            /** Config */
            config: {
                [key: string]: unknown;
            };
            /** Enabled */
            enabled: boolean;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "webhook" | "email" | "slack";
            /**
             * Language
             * @enum {string}
             */
            language: "pt-BR" | "en";
            /** Name */
            name: string;
            /** Secrets Set */
            secrets_set: string[];
            /** Send Resolved */
            send_resolved: boolean;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** Updated By */
            updated_by: string;
        };
        /**
         * ChannelTestRead
         * @description Whether the test message was accepted; `error` says why not.
         */
        ChannelTestRead: {
            /** Error */
            error: string | null;
            /** Ok */
            ok: boolean;
        };
        /**
         * CheckRead
         * @description One look at everything, kept in the scheduler's log as HEALTH_CHECK.
         */
        CheckRead: {
            /**
             * Checked At
             * Format: date-time
             */
            checked_at: string;
            /** Fields */
            fields: {
                [key: string]: unknown;
            };
            /** Healthy */
            healthy: boolean;
            /** Problems */
            problems: components["schemas"]["Problem"][];
        };
        /**
         * CombinedContent
         * @description A calendar made of others: a date counts when it does in any of them (union), or in every one (intersection).
         */
        CombinedContent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "union" | "intersection";
            /**
             * Members
             * @example [
             *       "B3",
             *       "NYSE"
             *     ]
             */
            members: string[];
            /**
             * Source
             * @default
             */
            source: string;
        };
        /** @enum {string} */
        core_api__modules__definitions__schemas__Kind: "calendar" | "pool" | "day_group" | "routine";
        /**
         * Kind
         * @description What is wrong. Stable, for programs; texts for people are translations of these.
         * @enum {string}
         */
        core_api__modules__incidents__schemas__Kind: "FAILED" | "LATE" | "NOT_STARTED" | "RECOVERED_OFTEN" | "DAILY_LOAD_MISSING" | "SCHEDULER_SILENT" | "WORKERS_GONE" | "CALENDAR_ENDING" | "QUEUE_STUCK";
        /** Counts */
        Counts: {
            /** Create */
            create: number;
            /** Delete */
            delete: number;
            /** Unchanged */
            unchanged: number;
            /** Update */
            update: number;
        };
        /**
         * CoverageRead
         * @description A calendar that says nothing any more from `coverage_end` on.
         */
        CoverageRead: {
            /** Code */
            code: string;
            /**
             * Coverage End
             * Format: date
             */
            coverage_end: string;
            /** Days Left */
            days_left: number;
            /** Name */
            name: string;
        };
        /**
         * CronTrigger
         * @description At the local minutes of a five-field cron expression: minute, hour, day of month, month, day of week.
         *
         *     Names (`mon`, `jan`), lists, ranges, steps, `L` (last day; `L-2`: two days before it; `5L`: last Friday), `LW` (last
         *     Monday to Friday) and `2#1` (first Tuesday) are understood. With both day fields restricted, either is enough.
         */
        CronTrigger: {
            /**
             * Expression
             * @example *\/15 9-18 * * mon-fri
             */
            expression: string;
            /**
             * Type
             * @constant
             */
            type: "cron";
        };
        /** CronTriggerRead */
        CronTriggerRead: {
            /** Expression */
            expression: string;
            /**
             * Type
             * @constant
             */
            type: "cron";
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
         * CustomContent
         * @description A calendar's days: `weekdays` (Monday to Friday if left out) less `holidays`, or all of them named in `days`.
         */
        CustomContent: {
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
            /** Days */
            days?: string[] | null;
            /**
             * Holidays
             * @default []
             */
            holidays: components["schemas"]["Holiday"][];
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "custom";
            /**
             * Opens At
             * @description Unusual openings, in the calendar's local time.
             */
            opens_at?: {
                [key: string]: string;
            };
            /**
             * Source
             * @example NYSE Group holidays and trading hours, 2026 to 2028
             */
            source: string;
            /** Weekdays */
            weekdays?: number[] | null;
        };
        /**
         * DailyLoadRead
         * @description One load. `created` executions are new; `already_there` were in the queue before.
         *
         *     `unplanned` routines had to be left out, since nobody can say whether they run that day; `GET /daily-loads/days`
         *     names them.
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
            trigger: "schedule" | "startup" | "catch_up" | "manual" | "routine_change" | "seed";
            /** Unplanned */
            unplanned: number;
        };
        /**
         * DailyLoadStatus
         * @description The load of today in São Paulo, and when the next one comes.
         */
        DailyLoadStatus: {
            /**
             * Business Date
             * Format: date
             */
            business_date: string;
            /** Last Loaded At */
            last_loaded_at: string | null;
            /** Loaded */
            loaded: boolean;
            /**
             * Next At
             * Format: date-time
             */
            next_at: string;
            /**
             * Next Business Date
             * Format: date
             */
            next_business_date: string;
        };
        /**
         * DatabaseRead
         * @description PostgreSQL, and how long a question takes.
         */
        DatabaseRead: {
            /** Milliseconds */
            milliseconds: number;
            /** Partitions Until */
            partitions_until: string | null;
            /** Version */
            version: string;
        };
        /**
         * DatasetEventTrigger
         * @description When a data set was loaded; the business date is the date that the data is about.
         */
        DatasetEventTrigger: {
            /**
             * Dataset
             * @example b3.cotahist
             */
            dataset: string;
            /**
             * On
             * @constant
             */
            on: "dataset";
            /**
             * Type
             * @constant
             */
            type: "event";
        };
        /** DatasetEventTriggerRead */
        DatasetEventTriggerRead: {
            /** Dataset */
            dataset: string;
            /**
             * On
             * @constant
             */
            on: "dataset";
            /**
             * Type
             * @constant
             */
            type: "event";
        };
        /**
         * DayChanges
         * @description What an edit would change, nothing being saved: calendars and groups whose dates change, and who runs on them.
         *
         *     `looked_at` are the dates compared: 400 days from today, and as many around the date of an override elsewhere. The
         *     change of a date that a calendar covers only before or only after counts as well.
         */
        DayChanges: {
            /** Calendars */
            calendars: components["schemas"]["CalendarChange"][];
            /** Day Groups */
            day_groups: components["schemas"]["DayGroupChange"][];
            /** Looked At */
            looked_at: components["schemas"]["SpanRead"][];
            /** Routines Affected */
            routines_affected: number;
        };
        /**
         * DayGroupChange
         * @description Dates on which the group's routines would run or would run no more.
         */
        DayGroupChange: {
            /** Added */
            added: string[];
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Name */
            name: string;
            /** Removed */
            removed: string[];
            /** Routines */
            routines: components["schemas"]["AffectedRoutine"][];
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
             *       "positions": [],
             *       "month_days": [],
             *       "month_end": false,
             *       "roll": "none",
             *       "shift": 0,
             *       "include": [],
             *       "exclude": []
             *     }
             */
            rule: components["schemas"]["DayRule"];
        };
        /**
         * DayPreview
         * @description What runs on a date, in the order of the queue, and why the other routines do not.
         */
        DayPreview: {
            /**
             * Business Date
             * Format: date
             */
            business_date: string;
            /** Calendars */
            calendars: components["schemas"]["CalendarNote"][];
            /** Not Running */
            not_running: components["schemas"]["DayPreviewAbsence"][];
            /** Runs */
            runs: components["schemas"]["DayPreviewRun"][];
            /** Runs Total */
            runs_total: number;
        };
        /**
         * DayPreviewAbsence
         * @description A routine that does not run on the date.
         */
        DayPreviewAbsence: {
            /** Day Group */
            day_group: string | null;
            /** Note */
            note: string | null;
            reason: components["schemas"]["WhyNot"];
            /**
             * Routine Id
             * Format: uuid
             */
            routine_id: string;
            /** Routine Name */
            routine_name: string;
            /** Title */
            title: string;
        };
        /**
         * DayPreviewRun
         * @description One execution that the load of the date writes (or wrote). `skipped` says why it is written as SKIPPED, if so.
         */
        DayPreviewRun: {
            /** Job */
            job: string;
            /** Priority */
            priority: number;
            /**
             * Routine Id
             * Format: uuid
             */
            routine_id: string;
            /** Routine Name */
            routine_name: string;
            skipped: components["schemas"]["WhyNot"] | null;
            /**
             * Slot
             * Format: date-time
             */
            slot: string;
            /** Time Zone */
            time_zone: string;
            /** Title */
            title: string;
            /** Waits For */
            waits_for: components["schemas"]["UpstreamRun"][];
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
         * @description Which dates. Without more, all business days of the calendar, narrowed to `weekdays` (1 Monday to 7 Sunday).
         *
         *     `positions` takes the n-th or last business days of each week, month, quarter or year instead (with `weekdays`: the
         *     n-th among the business days on these weekdays, such as the third Friday). `month_days` takes days of the month and
         *     `month_end` the last calendar day of each month, moved by `roll` when that is not a business day; a month without a
         *     30th or 31st has no such date. What these choose is joined, then every date is moved by `shift` business days (D+n).
         *     `include` adds dates whatever the calendar says, `exclude` takes dates out and has the last word; both name the
         *     dates on which things run, so neither is shifted.
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
             * Month Days
             * @default []
             * @example [
             *       5,
             *       20
             *     ]
             */
            month_days: number[];
            /**
             * Month End
             * @default false
             */
            month_end: boolean;
            /**
             * Positions
             * @default []
             * @example [
             *       {
             *         "n": -1,
             *         "of": "month"
             *       }
             *     ]
             */
            positions: components["schemas"]["Position"][];
            /** @default none */
            roll: components["schemas"]["Roll"];
            /**
             * Shift
             * @description Business days, D+n.
             * @default 0
             */
            shift: number;
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
            /** Month Days */
            month_days: number[];
            /** Month End */
            month_end: boolean;
            /** Positions */
            positions: components["schemas"]["PositionRead"][];
            roll: components["schemas"]["Roll"];
            /** Shift */
            shift: number;
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
         * DaysRead
         * @description Business dates on which something ended, and all of them together.
         */
        DaysRead: {
            /** Days */
            days: components["schemas"]["DayStats"][];
            /**
             * End
             * Format: date
             */
            end: string;
            /**
             * Start
             * Format: date
             */
            start: string;
            total: components["schemas"]["Numbers"];
        };
        /**
         * DayStats
         * @description One business date; today's numbers are counted as it is read.
         */
        DayStats: {
            /**
             * Business Date
             * Format: date
             */
            business_date: string;
            numbers: components["schemas"]["Numbers"];
        };
        /**
         * Deadline
         * @description To have succeeded by `time`, in the routine's zone, `day_offset` business days of its calendar after the date.
         */
        Deadline: {
            /**
             * Day Offset
             * @default 0
             */
            day_offset: number;
            /**
             * Time
             * @example 07:30
             */
            time: string;
        };
        /**
         * DeadlineDayRead
         * @description How a deadline stands for one business date. `missing` names the routines that have not succeeded yet.
         */
        DeadlineDayRead: {
            /**
             * Business Date
             * Format: date
             */
            business_date: string;
            /**
             * Deadline
             * Format: date-time
             */
            deadline: string;
            /** Missing */
            missing: string[];
            /** Routine Id */
            routine_id: string | null;
            /**
             * State
             * @enum {string}
             */
            state: "READY" | "WAITING" | "LATE";
            /** Subject */
            subject: string;
            /** Tag */
            tag: string | null;
            /** Title */
            title: string;
        };
        /** DeadlineRead */
        DeadlineRead: {
            /** Day Offset */
            day_offset: number;
            /** Time */
            time: string;
        };
        /**
         * DeliveryRead
         * @description One message to one channel. PENDING waits for `send_at`; DEAD was given up after ten tries, see `last_error`.
         *
         *     `id` is what the receiver sees as `X-Rotina-Delivery` or in the Message-ID.
         */
        DeliveryRead: {
            /** Attempts */
            attempts: number;
            /**
             * Channel Id
             * Format: uuid
             */
            channel_id: string;
            /** Channel Name */
            channel_name: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Incident Ids */
            incident_ids: string[];
            /** Last Error */
            last_error: string | null;
            /**
             * Rule Id
             * Format: uuid
             */
            rule_id: string;
            /**
             * Send At
             * Format: date-time
             */
            send_at: string;
            /** Sent At */
            sent_at: string | null;
            /**
             * Status
             * @enum {string}
             */
            status: "PENDING" | "SENT" | "DEAD";
            /**
             * What
             * @enum {string}
             */
            what: "opened" | "resolved" | "digest";
        };
        /**
         * Dependency
         * @description Runs after another routine; its id alone stands for the defaults.
         *
         *     `day_offset` counts business days of this routine's calendar: 0 is the same business date, -1 is D-1. `on_failure`
         *     and `on_skip` say what becomes of this routine when the upstream failed, or was skipped or does not run that day:
         *     `wait` for a person, `skip` this one too, or `run` all the same.
         */
        Dependency: {
            /**
             * Day Offset
             * @default 0
             */
            day_offset: number;
            /**
             * On Failure
             * @default wait
             * @enum {string}
             */
            on_failure: "wait" | "skip" | "run";
            /**
             * On Skip
             * @default skip
             * @enum {string}
             */
            on_skip: "wait" | "skip" | "run";
            /**
             * Routine Id
             * Format: uuid
             */
            routine_id: string;
        };
        /** DependencyRead */
        DependencyRead: {
            /** Day Offset */
            day_offset: number;
            /** Name */
            name: string;
            /**
             * On Failure
             * @enum {string}
             */
            on_failure: "wait" | "skip" | "run";
            /**
             * On Skip
             * @enum {string}
             */
            on_skip: "wait" | "skip" | "run";
            /**
             * Routine Id
             * Format: uuid
             */
            routine_id: string;
            /** Title */
            title: string;
        };
        /**
         * EmailWrite
         * @description E-mail over SMTP. `starttls` is usual on port 587, `tls` on 465, `none` only for a relay inside the house.
         */
        EmailWrite: {
            /**
             * Enabled
             * @default true
             */
            enabled: boolean;
            /**
             * Everything
             * @description Only when it is created: tell it of every incident.
             * @default true
             */
            everything: boolean;
            /**
             * Host
             * @example smtp.example.com
             */
            host: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "email";
            /**
             * Language
             * @default pt-BR
             * @enum {string}
             */
            language: "pt-BR" | "en";
            /**
             * Name
             * @example Plantão
             */
            name: string;
            /**
             * Password
             * @description Left out in a change, the stored one stays.
             */
            password?: string | null;
            /**
             * Port
             * @default 587
             */
            port: number;
            /**
             * Recipients
             * @example [
             *       "plantao@example.com"
             *     ]
             */
            recipients: string[];
            /**
             * Security
             * @default starttls
             * @enum {string}
             */
            security: "none" | "starttls" | "tls";
            /**
             * Send Resolved
             * @description Say also when an incident is over.
             * @default true
             */
            send_resolved: boolean;
            /**
             * Sender
             * @example rotina@example.com
             */
            sender: string;
            /** Username */
            username?: string | null;
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
         * ExecutionEventTrigger
         * @description When an execution of another routine ends in one of these ways; its business date is handed on.
         */
        ExecutionEventTrigger: {
            /**
             * On
             * @constant
             */
            on: "execution";
            /**
             * Routine
             * Format: uuid
             */
            routine: string;
            /**
             * Statuses
             * @default [
             *       "SUCCEEDED"
             *     ]
             */
            statuses: ("SUCCEEDED" | "FAILED" | "CANCELLED" | "SKIPPED")[];
            /**
             * Type
             * @constant
             */
            type: "event";
        };
        /** ExecutionEventTriggerRead */
        ExecutionEventTriggerRead: {
            /**
             * On
             * @constant
             */
            on: "execution";
            /**
             * Routine
             * Format: uuid
             */
            routine: string;
            /** Statuses */
            statuses: ("SUCCEEDED" | "FAILED" | "CANCELLED" | "SKIPPED")[];
            /**
             * Type
             * @constant
             */
            type: "event";
        };
        /**
         * ExecutionRead
         * @description One routine on one slot. `attempt` counts starts; only failures use up `max_attempts`, a lost worker does not.
         *
         *     `cause` is the event or the webhook's call that started it, for origin `event` and `webhook`. Secrets in
         *     `params` and `cause` read `***`: what the job's schema marks, and what stands under a name that looks secret.
         */
        ExecutionRead: {
            actions: components["schemas"]["ActionsRead"];
            /** Attempt */
            attempt: number;
            /** Backfill Id */
            backfill_id: string | null;
            /** Band */
            band: number;
            /**
             * Business Date
             * Format: date
             */
            business_date: string;
            /** Cancel Requested */
            cancel_requested: boolean;
            /** Cause */
            cause: {
                [key: string]: unknown;
            } | null;
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
            /** Eta At */
            eta_at: string | null;
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
         * FieldChange
         * @description One field, as a document writes it; `before` is null of what is created, `after` of what is deleted.
         */
        FieldChange: {
            /** After */
            after: unknown;
            /** Before */
            before: unknown;
            /** Field */
            field: string;
        };
        /**
         * FileEventTrigger
         * @description When a file arrived whose name fits `pattern` (`*` and `?` stand for any text and any character).
         */
        FileEventTrigger: {
            /**
             * On
             * @constant
             */
            on: "file";
            /**
             * Pattern
             * @example COTAHIST_D*.ZIP
             */
            pattern: string;
            /**
             * Type
             * @constant
             */
            type: "event";
        };
        /** FileEventTriggerRead */
        FileEventTriggerRead: {
            /**
             * On
             * @constant
             */
            on: "file";
            /** Pattern */
            pattern: string;
            /**
             * Type
             * @constant
             */
            type: "event";
        };
        /**
         * GroupDeadlineRead
         * @description A deadline of all routines with a tag.
         */
        GroupDeadlineRead: {
            /** Calendar Code */
            calendar_code: string;
            /** Day Offset */
            day_offset: number;
            /** Enabled */
            enabled: boolean;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Name */
            name: string;
            /** Tag */
            tag: string;
            /** Time */
            time: string;
            /** Time Zone */
            time_zone: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** Updated By */
            updated_by: string;
        };
        /**
         * GroupDeadlineWrite
         * @description Every routine tagged `tag` is to be ready at `time`, `day_offset` business days after its business date.
         */
        GroupDeadlineWrite: {
            /**
             * Calendar Code
             * @description Whose business days are counted.
             * @default B3
             */
            calendar_code: string;
            /**
             * Day Offset
             * @description 0 is the business date itself.
             * @default 1
             */
            day_offset: number;
            /**
             * Enabled
             * @default true
             */
            enabled: boolean;
            /**
             * Name
             * @example Base de preços pronta
             */
            name: string;
            /**
             * Tag
             * @example precos
             */
            tag: string;
            /**
             * Time
             * @example 07:30
             */
            time: string;
            /**
             * Time Zone
             * @default America/Sao_Paulo
             */
            time_zone: string;
        };
        /**
         * GroupRead
         * @description A consumer group of a stream: delivered and not acknowledged, and not delivered yet (null: Redis cannot tell).
         */
        GroupRead: {
            /** Consumers */
            consumers: number;
            /** Lag */
            lag: number | null;
            /** Name */
            name: string;
            /** Pending */
            pending: number;
        };
        /**
         * Holiday
         * @description A date without business, with its name for people.
         */
        Holiday: {
            /**
             * Day
             * Format: date
             */
            day: string;
            /**
             * Name
             * @example Independence Day
             */
            name?: string | null;
        };
        /**
         * HookAnswer
         * @description What a call did. `execution_id` is null when the date is not one of the routine's day group, as `reason` says.
         *
         *     `repeated` means that the same delivery came before, and that this is its execution.
         */
        HookAnswer: {
            /**
             * Business Date
             * Format: date
             */
            business_date: string;
            /** Execution Id */
            execution_id: string | null;
            /** Reason */
            reason: string | null;
            /** Repeated */
            repeated: boolean;
        };
        /**
         * HookSecret
         * @description Shown once. Send it as `Authorization: Bearer`, or sign the body with it as GitHub does (X-Hub-Signature-256).
         *
         *     `signatures` is false where no key is configured to keep secrets with (CORE_API_SECRETS_KEYS): only bearers work.
         */
        HookSecret: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Routine Id
             * Format: uuid
             */
            routine_id: string;
            /** Secret */
            secret: string;
            /** Signatures */
            signatures: boolean;
            /** Url */
            url: string;
        };
        /** HookSecretRead */
        HookSecretRead: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Created By */
            created_by: string;
            /**
             * Routine Id
             * Format: uuid
             */
            routine_id: string;
            /** Signatures */
            signatures: boolean;
            /** Url */
            url: string;
        };
        /**
         * IncidentRead
         * @description Something that was or is wrong. `thread` names the kind and subject without the date.
         *
         *     `occurrences` counts what happened under it, `rounds` how often it was opened; `details` depend on the kind. It is
         *     open while `resolved_at` is null.
         */
        IncidentRead: {
            /** Acknowledged At */
            acknowledged_at: string | null;
            /** Acknowledged By */
            acknowledged_by: string | null;
            /**
             * Business Date
             * Format: date
             */
            business_date: string;
            /** Details */
            details: {
                [key: string]: unknown;
            };
            /** Execution Id */
            execution_id: string | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            kind: components["schemas"]["core_api__modules__incidents__schemas__Kind"];
            /**
             * Last Seen At
             * Format: date-time
             */
            last_seen_at: string;
            /** Occurrences */
            occurrences: number;
            /**
             * Opened At
             * Format: date-time
             */
            opened_at: string;
            resolution: components["schemas"]["Resolution"] | null;
            /** Resolved At */
            resolved_at: string | null;
            /** Rounds */
            rounds: number;
            /** Routine Id */
            routine_id: string | null;
            /** Subject */
            subject: string;
            /** Tags */
            tags: string[];
            /** Title */
            title: string;
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
             * Type
             * @constant
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
             * Type
             * @constant
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
         * KeptBecause
         * @description Why a month that is past its time stays for now.
         * @enum {string}
         */
        KeptBecause: "UNFINISHED" | "RECENT" | "STATS_BEHIND" | "BUSY";
        /**
         * Kind
         * @description What is wrong. Stable, for programs; texts for people are translations of these.
         * @enum {string}
         */
        "Kind-Input": "FAILED" | "LATE" | "NOT_STARTED" | "RECOVERED_OFTEN" | "DAILY_LOAD_MISSING" | "SCHEDULER_SILENT" | "WORKERS_GONE" | "CALENDAR_ENDING" | "QUEUE_STUCK";
        /**
         * LoadDayRead
         * @description How a day stands: LOADED, INCOMPLETE (some routines had to be left out), NOT_LOADED although it has begun, or
         *
         *     UPCOMING. `created` counts what all its loads wrote.
         */
        LoadDayRead: {
            /**
             * Business Date
             * Format: date
             */
            business_date: string;
            /** Created */
            created: number;
            /** Loaded At */
            loaded_at: string | null;
            /**
             * State
             * @enum {string}
             */
            state: "LOADED" | "INCOMPLETE" | "NOT_LOADED" | "UPCOMING";
            /** Trigger */
            trigger: ("schedule" | "startup" | "catch_up" | "manual" | "routine_change" | "seed") | null;
            /** Unplanned */
            unplanned: components["schemas"]["UnplannedRead"][];
        };
        /**
         * LogEvent
         * @description What the system notes about itself.
         * @enum {string}
         */
        LogEvent: "SCHEDULER_STARTED" | "SCHEDULER_STOPPED" | "DAILY_LOAD" | "DAILY_LOAD_FAILED" | "DAILY_LOAD_INCOMPLETE" | "DAYS_NOT_LOADED" | "BACKFILL_CREATED" | "BACKFILL_CHANGED" | "BACKFILL_FINISHED" | "ROUTINES_RELOADED" | "WORKER_LOST" | "EXECUTION_RECOVERED" | "EXECUTION_GIVEN_UP" | "EXECUTIONS_SKIPPED" | "DISPATCH_GAP" | "CLOCK_JUMPED" | "ENTRIES_RESENT" | "LOOP_FAILED" | "LOOP_RECOVERED" | "MAINTENANCE" | "HEALTH_CHECK" | "LOOPS_RESTARTED" | "EVENT_PASSED_OVER";
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
         * LoopRead
         * @description A loop of a scheduler. `last_run_at` is when its last step began; a `failing` loop is tried again every second.
         *
         *     Without a wake-up its next step begins at `next_run_at`.
         */
        LoopRead: {
            /** Failing */
            failing: boolean;
            /** Failures */
            failures: number;
            /** Last Duration Seconds */
            last_duration_seconds: number | null;
            /** Last Error */
            last_error: string | null;
            /** Last Error At */
            last_error_at: string | null;
            /** Last Run At */
            last_run_at: string | null;
            /** Name */
            name: string;
            /** Next Run At */
            next_run_at: string | null;
            /** Restarts */
            restarts: number;
            /** Runs */
            runs: number;
            /**
             * Started At
             * Format: date-time
             */
            started_at: string;
        };
        /**
         * MaintenanceRead
         * @description What would go, or went. `more` says that there was too much for one go: call it again.
         */
        MaintenanceRead: {
            /** Dry Run */
            dry_run: boolean;
            /** Keep Executions Months */
            keep_executions_months: number;
            /** Months */
            months: components["schemas"]["MonthRetention"][];
            /** More */
            more: boolean;
            /** Tables */
            tables: components["schemas"]["TableRetention"][];
        };
        /**
         * MaintenanceRequest
         * @description What to do: everything that is past its time goes, or with `dry_run` is only shown.
         */
        MaintenanceRequest: {
            /**
             * Dry Run
             * @default false
             */
            dry_run: boolean;
        };
        /**
         * ManualTrigger
         * @description Only when a person or a program asks.
         */
        ManualTrigger: {
            /**
             * Type
             * @constant
             */
            type: "manual";
        };
        /** ManualTriggerRead */
        ManualTriggerRead: {
            /**
             * Type
             * @constant
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
         * @description The health of the engine; `healthy` when there is no problem at all.
         */
        MonitorStatus: {
            /** Calendars Ending */
            calendars_ending: components["schemas"]["CoverageRead"][];
            /**
             * Checked At
             * Format: date-time
             */
            checked_at: string;
            daily_load: components["schemas"]["DailyLoadStatus"];
            database: components["schemas"]["DatabaseRead"];
            /** Dead Letters */
            dead_letters: number;
            /** Healthy */
            healthy: boolean;
            outbox: components["schemas"]["OutboxRead"];
            /** Problems */
            problems: components["schemas"]["Problem"][];
            /** Quarantined */
            quarantined: number;
            /** Queues */
            queues: components["schemas"]["QueueRead"][];
            /** Schedulers */
            schedulers: components["schemas"]["SchedulerRead"][];
            start_delays: components["schemas"]["StartDelays"];
            /**
             * Stats Until
             * Format: date-time
             */
            stats_until: string;
            streams: components["schemas"]["StreamsRead"];
            /** Workers */
            workers: components["schemas"]["WorkerStatus"][];
        };
        /**
         * MonthRetention
         * @description A month of executions with attempts and logs that is past its time. `executions` is PostgreSQL's estimate.
         *
         *     It stays while executions are not finished (UNFINISHED), one ended lately, as after a backfill (RECENT), the
         *     statistics have not caught up (STATS_BEHIND), or somebody reads it at this moment (BUSY).
         */
        MonthRetention: {
            /** Bytes */
            bytes: number;
            /** Executions */
            executions: number;
            kept_because: components["schemas"]["KeptBecause"] | null;
            /**
             * Month
             * Format: date
             */
            month: string;
        };
        /**
         * Numbers
         * @description Executions that are over. `runs` are the ones that ran to an end: succeeded and failed; rates are shares of them.
         *
         *     A duration is that of the last attempt, a start delay the time from due to start of a first attempt; both in
         *     seconds. The 95th percentile of several days is made from histograms and right within 2.5 %.
         */
        Numbers: {
            /** Cancelled */
            cancelled: number;
            /** Error Rate */
            error_rate: number | null;
            /** Failed */
            failed: number;
            /** Mean Duration Seconds */
            mean_duration_seconds: number | null;
            /** Mean Start Delay Seconds */
            mean_start_delay_seconds: number | null;
            /** P95 Duration Seconds */
            p95_duration_seconds: number | null;
            /** P95 Start Delay Seconds */
            p95_start_delay_seconds: number | null;
            /** Recoveries */
            recoveries: number;
            /** Runs */
            runs: number;
            /** Skipped */
            skipped: number;
            /** Succeeded */
            succeeded: number;
            /** Success Rate */
            success_rate: number | null;
            /** With Warnings */
            with_warnings: number;
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
             * Type
             * @constant
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
             * Type
             * @constant
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
        /**
         * OverrideHistoryRead
         * @description An override with its end: null while it holds.
         */
        OverrideHistoryRead: {
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
            /** Ended At */
            ended_at: string | null;
            /** Ended By */
            ended_by: string | null;
            /** Is Business Day */
            is_business_day: boolean;
            /** Note */
            note: string;
            /** Opens At */
            opens_at: string | null;
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
         * Period
         * @description What a position counts in. Weeks begin on Monday (ISO 8601).
         * @enum {string}
         */
        Period: "week" | "month" | "quarter" | "year";
        /**
         * PlanRead
         * @description All changes, in the order in which they are made. Pass `fingerprint` to apply exactly this or nothing.
         */
        PlanRead: {
            /** Applied */
            applied: boolean;
            /** Changes */
            changes: components["schemas"]["Change"][];
            counts: components["schemas"]["Counts"];
            /** Fingerprint */
            fingerprint: string;
        };
        /**
         * PoolChange
         * @description 0 slots hold everything in the pool back; what is running goes on.
         *
         *     A rate allows at most `rate_count` starts within any `rate_seconds`; give both, or neither for no rate.
         */
        PoolChange: {
            /**
             * Description
             * @default
             */
            description: string;
            /**
             * Rate Count
             * @example 30
             */
            rate_count?: number | null;
            /**
             * Rate Seconds
             * @example 60
             */
            rate_seconds?: number | null;
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
             * Rate Count
             * @example 30
             */
            rate_count?: number | null;
            /**
             * Rate Seconds
             * @example 60
             */
            rate_seconds?: number | null;
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
            /** Rate Count */
            rate_count: number | null;
            /** Rate Seconds */
            rate_seconds: number | null;
            /** Slots */
            slots: number;
        };
        /**
         * Position
         * @description The `n`-th business day of each period: 1 is the first, -1 the last, -2 the last but one.
         */
        Position: {
            /**
             * N
             * @description From 1 on from the start, from -1 on back.
             */
            n: number;
            of: components["schemas"]["Period"];
        };
        /** PositionRead */
        PositionRead: {
            /** N */
            n: number;
            of: components["schemas"]["Period"];
        };
        /**
         * PreviewDay
         * @description One date: the slots that a load of it writes for the routine, or the reason why there are none.
         *
         *     With UPSTREAM_NOT_PLANNED there are slots, and the load writes them as SKIPPED. `note` says why the day is special,
         *     if it is.
         */
        PreviewDay: {
            /**
             * Business Date
             * Format: date
             */
            business_date: string;
            /** Note */
            note: string | null;
            reason: components["schemas"]["WhyNot"] | null;
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
            code: components["schemas"]["ProblemCode"];
            /** Message */
            message: string;
            severity: components["schemas"]["Severity"];
        };
        /**
         * ProblemCode
         * @description What may need a person; the app translates it.
         * @enum {string}
         */
        ProblemCode: "NO_SCHEDULER" | "NO_WORKER" | "WORKER_LOST" | "WORK_WITHOUT_WORKER" | "OUTBOX_STUCK" | "LOOP_FAILING" | "STREAMS_AWAY" | "DAILY_LOAD_MISSING" | "PARTITIONS_END" | "CALENDAR_ENDS" | "QUARANTINE" | "DEAD_LETTERS";
        /**
         * ProblemRead
         * @description Why a routine's business dates are not known.
         */
        ProblemRead: {
            /** Code */
            code: string;
            /** Message */
            message: string;
        };
        /**
         * QueueRead
         * @description One worker queue. `due` executions are past due and not handed out; the oldest of them has waited so long.
         */
        QueueRead: {
            /** Bands */
            bands: components["schemas"]["BandRead"][];
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
         * ReasonCode
         * @description Why an execution is not running, for programs. The app translates it.
         * @enum {string}
         */
        ReasonCode: "NOT_DUE" | "WAITING_RETRY" | "WAITING_DEPENDENCY" | "NO_CAPABLE_WORKER" | "WAITING_POOL" | "WAITING_KEY" | "WAITING_INSTANCE" | "WAITING_CAPACITY" | "RATE_LIMIT" | "PAUSED" | "BACKFILL_PAUSED" | "BACKFILL_CAP" | "SCHEDULER_SILENT" | "MISFIRED" | "SUPERSEDED" | "COALESCED" | "UPSTREAM_FAILED" | "UPSTREAM_SKIPPED" | "UPSTREAM_NOT_PLANNED" | "WORKER_LOST" | "ATTEMPTS_USED_UP" | "PERMANENT_ERROR" | "CANCELLED";
        /**
         * ReasonRead
         * @description Why an execution is not running. `code` is stable, `context` names what it waits for.
         *
         *     `message` says it to people, in the language of the request's Accept-Language: Brazilian Portuguese or English.
         */
        ReasonRead: {
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
         * Resolution
         * @description How an incident ended.
         * @enum {string}
         */
        Resolution: "RECOVERED" | "EXPIRED";
        /**
         * RestartOfScheduler
         * @description What one scheduler did.
         */
        RestartOfScheduler: {
            /** Loops */
            loops: string[];
            /** Restarted At */
            restarted_at: string | null;
            /** Scheduler Id */
            scheduler_id: string;
            state: components["schemas"]["RestartState"];
        };
        /**
         * RestartRead
         * @description A request to restart loops. `done` when no scheduler is waited for any more.
         */
        RestartRead: {
            /** Done */
            done: boolean;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Loops */
            loops: string[];
            /**
             * Requested At
             * Format: date-time
             */
            requested_at: string;
            /** Requested By */
            requested_by: string;
            /** Schedulers */
            schedulers: components["schemas"]["RestartOfScheduler"][];
        };
        /**
         * RestartRequest
         * @description Which loops are to begin anew: all of every live scheduler, unless one or some are named.
         */
        RestartRequest: {
            /**
             * Loops
             * @description Only these loops.
             * @example [
             *       "dispatch",
             *       "relay"
             *     ]
             */
            loops?: string[];
            /**
             * Scheduler Id
             * @description Only this scheduler.
             */
            scheduler_id?: string | null;
        };
        /**
         * RestartState
         * @description WAITING for a scheduler's report, DONE, or GONE: it ended meanwhile, and with it its loops.
         * @enum {string}
         */
        RestartState: "WAITING" | "DONE" | "GONE";
        /**
         * RetryMeta
         * @description What comes with a retry, in the order of the queue.
         */
        RetryMeta: {
            /** Downstream */
            downstream: components["schemas"]["ChainedRead"][];
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
         * RetryRequest
         * @description Whether what waits for it, directly or through others, is run again with it.
         *
         *     `failed` opens what failed, was cancelled, or was skipped for what came before it. `all` also runs again what had
         *     succeeded, after it and in order, as runs by hand beside the old ones.
         */
        RetryRequest: {
            /**
             * Mode
             * @default failed
             * @enum {string}
             */
            mode: "failed" | "all";
            /**
             * With Downstream
             * @default true
             */
            with_downstream: boolean;
        };
        /**
         * Role
         * @description Roles in rising order: each one may do what the ones before it may.
         * @enum {string}
         */
        Role: "viewer" | "operator" | "admin";
        /**
         * Roll
         * @description What becomes of a date of the month that is not a business day (ISDA's business day conventions).
         *
         *     `none` drops it; `next` and `previous` take the nearest business day after or before it; `modified_following` takes
         *     the next one unless that lies in another month, then the previous one. A roll looks at most 14 days far.
         * @enum {string}
         */
        Roll: "none" | "next" | "previous" | "modified_following";
        /**
         * RoutineDatesRead
         * @description One routine of a preview. `dates` would run; `existing` counts the range's business dates by how they stand:
         *
         *     NONE (no execution), SUCCEEDED, FAILED, SKIPPED, CANCELLED or ACTIVE (waiting or running). `waits_for` names the
         *     routines that it depends on beside those of the backfill: they count by their latest execution of the date.
         */
        RoutineDatesRead: {
            /** Business Dates */
            business_dates: number;
            /** Dates */
            dates: string[];
            /** Existing */
            existing: {
                [key: string]: number;
            };
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Name */
            name: string;
            /** Paused */
            paused: boolean;
            problem: components["schemas"]["ProblemRead"] | null;
            /** Waits For */
            waits_for: string[];
        };
        /**
         * RoutineOrder
         * @description By what routines are ordered: the largest first, by name in alphabetical order.
         * @enum {string}
         */
        RoutineOrder: "name" | "runs" | "failed" | "error_rate" | "mean_duration" | "p95_duration" | "p95_delay";
        /**
         * RoutinePatch
         * @description Changes to a routine: a field left out stays as it is; null clears a field that may be empty.
         */
        RoutinePatch: {
            /** Cancel Grace Seconds */
            cancel_grace_seconds?: number;
            /**
             * Catch Up
             * @enum {string}
             */
            catch_up?: "none" | "latest" | "all";
            /** Coalesce */
            coalesce?: boolean | null;
            /** Concurrency Key */
            concurrency_key?: string | null;
            /** Day Group Id */
            day_group_id?: string | null;
            deadline?: components["schemas"]["Deadline"] | null;
            /** Depends On */
            depends_on?: components["schemas"]["Dependency"][];
            /** Description */
            description?: string;
            /** Job */
            job?: string;
            /** Max Instances */
            max_instances?: number;
            /** Max Recoveries */
            max_recoveries?: number;
            /** Misfire Grace Seconds */
            misfire_grace_seconds?: number | null;
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
            /** Tags */
            tags?: string[];
            /** Time Zone */
            time_zone?: string;
            /** Timeout Seconds */
            timeout_seconds?: number | null;
            /** Title */
            title?: string;
            /** Trigger */
            trigger?: components["schemas"]["TimesTrigger"] | components["schemas"]["IntervalTrigger"] | components["schemas"]["CronTrigger"] | components["schemas"]["OnceTrigger"] | components["schemas"]["ManualTrigger"] | components["schemas"]["ExecutionEventTrigger"] | components["schemas"]["DatasetEventTrigger"] | components["schemas"]["FileEventTrigger"] | components["schemas"]["WebhookTrigger"];
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
         *
         *     In `params`, secrets read `***`: what the job's schema marks with `writeOnly` or `format: password`, and what stands
         *     under a name that looks secret. Written back unchanged, `***` keeps the stored value.
         *
         *     `coalesce` null means what suits the trigger: yes for intervals, no for others.
         */
        RoutineRead: {
            /** Cancel Grace Seconds */
            cancel_grace_seconds: number;
            /**
             * Catch Up
             * @enum {string}
             */
            catch_up: "none" | "latest" | "all";
            /** Coalesce */
            coalesce: boolean | null;
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
            deadline: components["schemas"]["DeadlineRead"] | null;
            /** Depends On */
            depends_on: components["schemas"]["DependencyRead"][];
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
            /** Misfire Grace Seconds */
            misfire_grace_seconds: number | null;
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
            /** Tags */
            tags: string[];
            /** Time Zone */
            time_zone: string;
            /** Timeout Seconds */
            timeout_seconds: number | null;
            /** Title */
            title: string;
            /** Trigger */
            trigger: components["schemas"]["TimesTriggerRead"] | components["schemas"]["IntervalTriggerRead"] | components["schemas"]["CronTriggerRead"] | components["schemas"]["OnceTriggerRead"] | components["schemas"]["ManualTriggerRead"] | components["schemas"]["ExecutionEventTriggerRead"] | components["schemas"]["DatasetEventTriggerRead"] | components["schemas"]["FileEventTriggerRead"] | components["schemas"]["WebhookTriggerRead"];
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
        /**
         * RoutinesRead
         * @description Routines in the order that was asked for, and all routines together, also those beyond the limit.
         */
        RoutinesRead: {
            /**
             * End
             * Format: date
             */
            end: string;
            /** Routines */
            routines: components["schemas"]["RoutineStats"][];
            /**
             * Start
             * Format: date
             */
            start: string;
            total: components["schemas"]["Numbers"];
        };
        /**
         * RoutineStats
         * @description One routine, all dates together. `name` is `?` for executions of a routine that never was.
         */
        RoutineStats: {
            /** Name */
            name: string;
            numbers: components["schemas"]["Numbers"];
            /**
             * Routine Id
             * Format: uuid
             */
            routine_id: string;
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
            /**
             * Cancel Grace Seconds
             * @default 10
             */
            cancel_grace_seconds: number;
            /**
             * Catch Up
             * @default latest
             * @enum {string}
             */
            catch_up: "none" | "latest" | "all";
            /** Coalesce */
            coalesce?: boolean | null;
            /** Concurrency Key */
            concurrency_key?: string | null;
            /** Day Group Id */
            day_group_id?: string | null;
            deadline?: components["schemas"]["Deadline"] | null;
            /**
             * Depends On
             * @default []
             */
            depends_on: components["schemas"]["Dependency"][];
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
            /**
             * Misfire Grace Seconds
             * @default 3600
             */
            misfire_grace_seconds: number | null;
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
             * Tags
             * @default []
             */
            tags: string[];
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
            trigger: components["schemas"]["TimesTrigger"] | components["schemas"]["IntervalTrigger"] | components["schemas"]["CronTrigger"] | components["schemas"]["OnceTrigger"] | components["schemas"]["ManualTrigger"] | components["schemas"]["ExecutionEventTrigger"] | components["schemas"]["DatasetEventTrigger"] | components["schemas"]["FileEventTrigger"] | components["schemas"]["WebhookTrigger"];
        };
        /**
         * RuleRead
         * @description A rule. `is_default` marks the one that new channels join unless they are told not to.
         */
        RuleRead: {
            /** Channel Ids */
            channel_ids: string[];
            /** Enabled */
            enabled: boolean;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Is Default */
            is_default: boolean;
            /** Kinds */
            kinds: components["schemas"]["core_api__modules__incidents__schemas__Kind"][];
            /** Name */
            name: string;
            /** Routine Ids */
            routine_ids: string[];
            /** Tags */
            tags: string[];
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** Updated By */
            updated_by: string;
        };
        /**
         * RuleWrite
         * @description Which incidents go to which channels. Empty lists mean all: all kinds, all routines.
         *
         *     A rule for routines or tags is about those only: the engine's own incidents go to rules for everything.
         */
        RuleWrite: {
            /** Channel Ids */
            channel_ids: string[];
            /**
             * Enabled
             * @default true
             */
            enabled: boolean;
            /**
             * Kinds
             * @default []
             */
            kinds: components["schemas"]["Kind-Input"][];
            /**
             * Name
             * @example Preços para a mesa
             */
            name: string;
            /**
             * Routine Ids
             * @default []
             */
            routine_ids: string[];
            /**
             * Tags
             * @default []
             */
            tags: string[];
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
         * RunMeta
         * @description What comes with a run, in order; and whether all of it was only tried.
         */
        RunMeta: {
            /** Downstream */
            downstream: components["schemas"]["ChainedRunRead"][];
            /** Dry Run */
            dry_run: boolean;
        };
        /**
         * RunningRead
         * @description What a worker is at.
         */
        RunningRead: {
            /** Attempt */
            attempt: number;
            /**
             * Business Date
             * Format: date
             */
            business_date: string;
            /**
             * Execution Id
             * Format: uuid
             */
            execution_id: string;
            /** Progress */
            progress: number | null;
            /** Routine Name */
            routine_name: string;
            /** Started At */
            started_at: string | null;
            /** Title */
            title: string;
        };
        /**
         * RunRequest
         * @description A run of a routine by hand. `params` replace the routine's own by name, for this run only; `***` keeps a secret.
         *
         *     `with_downstream` also runs, after it and in order, what waits for it on that business date, each as a run of its
         *     own beside the scheduled ones. `dry_run` answers what would be written and what it would wait for, and writes
         *     nothing: its ids lead nowhere.
         */
        RunRequest: {
            /** Business Date */
            business_date?: string | null;
            /**
             * Dry Run
             * @default false
             */
            dry_run: boolean;
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
            /** Loops */
            loops: components["schemas"]["LoopRead"][];
            /** Pid */
            pid: number;
            /**
             * Started At
             * Format: date-time
             */
            started_at: string;
        };
        /**
         * Severity
         * @description CRITICAL: runs are not started or not finished. WARNING: somebody should look soon.
         * @enum {string}
         */
        Severity: "CRITICAL" | "WARNING";
        /**
         * SlackWrite
         * @description An incoming webhook as Slack has it (Mattermost too, Discord at `/slack`). The address is secret.
         */
        SlackWrite: {
            /**
             * Enabled
             * @default true
             */
            enabled: boolean;
            /**
             * Everything
             * @description Only when it is created: tell it of every incident.
             * @default true
             */
            everything: boolean;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "slack";
            /**
             * Language
             * @default pt-BR
             * @enum {string}
             */
            language: "pt-BR" | "en";
            /**
             * Name
             * @example Plantão
             */
            name: string;
            /**
             * Send Resolved
             * @description Say also when an incident is over.
             * @default true
             */
            send_resolved: boolean;
            /**
             * Url
             * @description Left out in a change, the stored one stays.
             */
            url?: string | null;
        };
        /** SpanRead */
        SpanRead: {
            /**
             * End
             * Format: date
             */
            end: string;
            /**
             * Start
             * Format: date
             */
            start: string;
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
         * StreamRead
         * @description A stream in Redis. What is finished is deleted from a work stream, so its length is what waits or runs.
         */
        StreamRead: {
            /** Groups */
            groups: components["schemas"]["GroupRead"][];
            /** Length */
            length: number;
            /** Stream */
            stream: string;
        };
        /**
         * StreamsRead
         * @description The streams Redis. Away, it delays work and loses none: PostgreSQL has everything.
         */
        StreamsRead: {
            /** Error */
            error: string | null;
            /** Milliseconds */
            milliseconds: number | null;
            /** Reachable */
            reachable: boolean;
            /** Streams */
            streams: components["schemas"]["StreamRead"][];
        };
        /**
         * TableRetention
         * @description A table whose old rows go. `rows` are those past their time, or those that went; counted up to 100,000.
         */
        TableRetention: {
            /** Keep Days */
            keep_days: number;
            /** Rows */
            rows: number;
            /** Table */
            table: string;
        };
        /**
         * TimesTrigger
         * @description At these local times of every day that the day group allows.
         */
        TimesTrigger: {
            /** Times */
            times: string[];
            /**
             * Type
             * @constant
             */
            type: "times";
        };
        /** TimesTriggerRead */
        TimesTriggerRead: {
            /** Times */
            times: string[];
            /**
             * Type
             * @constant
             */
            type: "times";
        };
        /**
         * UnplannedRead
         * @description A routine that is missing on a day, and why.
         */
        UnplannedRead: {
            /** Code */
            code: string;
            /** Message */
            message: string;
            /**
             * Routine Id
             * Format: uuid
             */
            routine_id: string;
            /** Routine Name */
            routine_name: string;
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
         * UpstreamRun
         * @description What a run waits for: the upstream's execution of this business date.
         */
        UpstreamRun: {
            /**
             * Business Date
             * Format: date
             */
            business_date: string;
            /**
             * Routine Id
             * Format: uuid
             */
            routine_id: string;
        };
        /**
         * WebhookTrigger
         * @description When another program calls the routine's own address with its secret.
         */
        WebhookTrigger: {
            /**
             * Type
             * @constant
             */
            type: "webhook";
        };
        /** WebhookTriggerRead */
        WebhookTriggerRead: {
            /**
             * Type
             * @constant
             */
            type: "webhook";
        };
        /**
         * WebhookWrite
         * @description POSTs JSON. `X-Rotina-Signature: t=<seconds>,v1=<hex>`: HMAC-SHA256 of `<t>.<body>` under `secret`.
         *
         *     `X-Rotina-Delivery` is the same however often one message is sent. Any 2xx answer within 10 s counts as received.
         */
        WebhookWrite: {
            /**
             * Enabled
             * @default true
             */
            enabled: boolean;
            /**
             * Everything
             * @description Only when it is created: tell it of every incident.
             * @default true
             */
            everything: boolean;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "webhook";
            /**
             * Language
             * @default pt-BR
             * @enum {string}
             */
            language: "pt-BR" | "en";
            /**
             * Name
             * @example Plantão
             */
            name: string;
            /**
             * Secret
             * @description Left out in a change, the stored one stays.
             */
            secret?: string | null;
            /**
             * Send Resolved
             * @description Say also when an incident is over.
             * @default true
             */
            send_resolved: boolean;
            /**
             * Url
             * @example https://hooks.example.com/rotina
             */
            url: string;
        };
        /**
         * WhyNot
         * @description Why a routine does not run: a stable code, what it is about, and the same in words.
         */
        WhyNot: {
            /** Code */
            code: string;
            /** Context */
            context: {
                [key: string]: unknown;
            };
            /** Text */
            text: string;
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
        /**
         * WorkerStatus
         * @description A worker, with what it runs at the moment.
         */
        WorkerStatus: {
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
            /** Runs */
            runs: components["schemas"]["RunningRead"][];
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
    backfills_list_backfills: {
        parameters: {
            query?: {
                /** @description `meta.next_cursor` of the page before; empty for the first page. */
                cursor?: string | null;
                /** @description Rows per page. */
                limit?: number;
                /** @description Only these statuses. */
                status?: components["schemas"]["BackfillStatus"][] | null;
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
                    "application/json": components["schemas"]["ApiResponse_list_BackfillRead__CursorMeta_"];
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
    backfills_create_backfill: {
        parameters: {
            query?: never;
            header?: {
                /** @description Repeating a request with its key gives the same answer and creates nothing. Kept for 24 hours. */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BackfillCreate"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_BackfillDetail_NoneType_"];
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
            /** @description `BACKFILL_EMPTY` or `BACKFILL_NOT_PLANNABLE` or `BACKFILL_ROUTINES_UNKNOWN` or `BACKFILL_SELECTS_NOTHING` or `BACKFILL_TOO_LARGE` or `BUSINESS_DATE_TOO_FAR` or `IDEMPOTENCY_KEY_REUSED` or `ROUTINE_PARAMS_INVALID` or `ROUTINE_SECRET_MISSING` */
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
    backfills_get_backfill: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                backfill_id: string;
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
                    "application/json": components["schemas"]["ApiResponse_BackfillDetail_NoneType_"];
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
            /** @description `BACKFILL_NOT_FOUND` */
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
    backfills_cancel_backfill: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                backfill_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["CancelRequest"] | null;
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_BackfillDetail_NoneType_"];
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
            /** @description `BACKFILL_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `BACKFILL_STATE` */
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
    backfills_pause_backfill: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                backfill_id: string;
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
                    "application/json": components["schemas"]["ApiResponse_BackfillDetail_NoneType_"];
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
            /** @description `BACKFILL_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `BACKFILL_STATE` */
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
    backfills_resume_backfill: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                backfill_id: string;
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
                    "application/json": components["schemas"]["ApiResponse_BackfillDetail_NoneType_"];
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
            /** @description `BACKFILL_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `BACKFILL_STATE` */
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
    backfills_preview_backfill: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BackfillRange"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_BackfillPreview_NoneType_"];
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
            /** @description `BACKFILL_ROUTINES_UNKNOWN` or `BACKFILL_SELECTS_NOTHING` or `BACKFILL_TOO_LARGE` or `BUSINESS_DATE_TOO_FAR` or `ROUTINE_PARAMS_INVALID` or `ROUTINE_SECRET_MISSING` */
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
    calendars_create_calendar: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CalendarCreate"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_CalendarRead_NoneType_"];
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
            /** @description `CALENDAR_CODE_TAKEN` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `CALENDARS_DO_NOT_OVERLAP` or `CALENDAR_CYCLE` */
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
    calendars_get_calendar: {
        parameters: {
            query?: never;
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
                    "application/json": components["schemas"]["ApiResponse_CalendarRead_NoneType_"];
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
    calendars_delete_calendar: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the version that the change is based on. */
                "If-Match"?: string | null;
            };
            path: {
                code: string;
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
            /** @description `CALENDAR_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `CALENDAR_IN_USE` or `CALENDAR_IS_SHIPPED` */
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
    calendars_rename_calendar: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the version that the change is based on. */
                "If-Match"?: string | null;
            };
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CalendarRename"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_CalendarRead_NoneType_"];
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
            /** @description `CALENDAR_IS_SHIPPED` */
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
    calendars_list_days: {
        parameters: {
            query: {
                /** @description What was believed at this instant (with an offset), or at the end of this date where the calendar is at home. */
                as_of?: string | null;
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
            /** @description `CALENDAR_NOT_YET_KNOWN` or `CALENDAR_OUT_OF_RANGE` or `CALENDAR_RANGE_TOO_LONG` */
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
    calendars_list_overrides: {
        parameters: {
            query: {
                /** @description Those too that were replaced or taken back. */
                ended?: boolean;
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
                    "application/json": components["schemas"]["ApiResponse_list_OverrideHistoryRead__NoneType_"];
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
            /** @description `CALENDAR_RANGE_TOO_LONG` */
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
    calendars_preview_override: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
                day: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["OverrideWrite"] | null;
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_DayChanges_NoneType_"];
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
    calendars_list_versions: {
        parameters: {
            query?: {
                /** @description `meta.next_cursor` of the page before; empty for the first page. */
                cursor?: string | null;
                /** @description Rows per page. */
                limit?: number;
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
                    "application/json": components["schemas"]["ApiResponse_list_CalendarVersionRead__CursorMeta_"];
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
    calendars_add_version: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the version that the change is based on. */
                "If-Match"?: string | null;
            };
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CustomContent"] | components["schemas"]["CombinedContent"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_CalendarRead_NoneType_"];
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
            /** @description `CALENDAR_IS_SHIPPED` or `CALENDAR_KIND_FIXED` */
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
            /** @description `CALENDARS_DO_NOT_OVERLAP` or `CALENDAR_CYCLE` */
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
    calendars_get_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
                version: number;
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
                    "application/json": components["schemas"]["ApiResponse_CalendarVersionDetail_NoneType_"];
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
            /** @description `CALENDAR_NOT_FOUND` or `CALENDAR_VERSION_NOT_FOUND` */
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
    calendars_preview_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CustomContent"] | components["schemas"]["CombinedContent"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_DayChanges_NoneType_"];
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
            /** @description `CALENDAR_IS_SHIPPED` or `CALENDAR_KIND_FIXED` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `CALENDARS_DO_NOT_OVERLAP` or `CALENDAR_CYCLE` */
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
    "daily-loads_list_load_days": {
        parameters: {
            query?: {
                /** @description Last date; today when left out. */
                end?: string | null;
                /** @description First date; a month before the last one when left out. */
                start?: string | null;
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
                    "application/json": components["schemas"]["ApiResponse_list_LoadDayRead__NoneType_"];
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
            /** @description `RANGE_TOO_LONG` */
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
    "day-groups_preview_day_group": {
        parameters: {
            query?: never;
            header?: never;
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
                    "application/json": components["schemas"]["ApiResponse_DayChanges_NoneType_"];
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
    deadlines_list_deadlines: {
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
                    "application/json": components["schemas"]["ApiResponse_list_GroupDeadlineRead__NoneType_"];
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
    deadlines_create_deadline: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GroupDeadlineWrite"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_GroupDeadlineRead_NoneType_"];
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
            /** @description `DEADLINE_NAME_TAKEN` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `DEADLINE_CALENDAR_UNKNOWN` */
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
    deadlines_update_deadline: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                deadline_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GroupDeadlineWrite"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_GroupDeadlineRead_NoneType_"];
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
            /** @description `DEADLINE_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `DEADLINE_NAME_TAKEN` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `DEADLINE_CALENDAR_UNKNOWN` */
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
    deadlines_delete_deadline: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                deadline_id: string;
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
            /** @description `DEADLINE_NOT_FOUND` */
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
    deadlines_deadlines_of_day: {
        parameters: {
            query: {
                /** @description The business date whose results are to be ready. */
                business_date: string;
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
                    "application/json": components["schemas"]["ApiResponse_list_DeadlineDayRead__NoneType_"];
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
    definitions_export_definitions: {
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
                    "application/yaml": string;
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
    definitions_apply_definitions: {
        parameters: {
            query?: {
                /** @description Accept jobs that no worker has offered yet. */
                allow_unknown_job?: boolean;
                /** @description The plan's fingerprint: apply exactly that, or nothing. */
                expected?: string | null;
                /** @description Delete what a section of the document does not describe; a missing section deletes nothing. */
                prune?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description A document of at most 1,000,000 bytes, as the export writes it. */
        requestBody: {
            content: {
                "application/yaml": string;
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_PlanRead_NoneType_"];
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
            /** @description `PLAN_OUTDATED` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `TOO_LARGE` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `DEFINITIONS_INVALID` */
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
    definitions_plan_definitions: {
        parameters: {
            query?: {
                /** @description Accept jobs that no worker has offered yet. */
                allow_unknown_job?: boolean;
                /** @description Delete what a section of the document does not describe; a missing section deletes nothing. */
                prune?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description A document of at most 1,000,000 bytes, as the export writes it. */
        requestBody: {
            content: {
                "application/yaml": string;
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_PlanRead_NoneType_"];
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
            /** @description `TOO_LARGE` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `DEFINITIONS_INVALID` */
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
                backfill_id?: string | null;
                /** @description Only this business date, in the order of its day. */
                business_date?: string | null;
                /** @description `meta.next_cursor` of the page before; empty for the first page. */
                cursor?: string | null;
                /** @description Rows per page. */
                limit?: number;
                /** @description Part of the routine's name or title, or the job. */
                q?: string | null;
                /** @description Only what ended for this reason; WORKER_LOST is the quarantine. */
                reason?: components["schemas"]["ReasonCode"] | null;
                routine_id?: string | null;
                /** @description Only these statuses. */
                status?: components["schemas"]["Status"][] | null;
                /** @description Only with this tag. */
                tag?: string | null;
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
    executions_list_artifacts: {
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
                    "application/json": components["schemas"]["ApiResponse_list_ArtifactRead__NoneType_"];
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
    executions_download_artifact: {
        parameters: {
            query?: {
                /** @description Of this attempt; else the newest. */
                attempt?: number | null;
            };
            header?: {
                Range?: string | null;
            };
            path: {
                execution_id: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description The part that `Range` asked for. */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
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
            /** @description `ARTIFACT_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `ARTIFACT_STORAGE_MISSING` */
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
                "application/json": components["schemas"]["RetryRequest"] | null;
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_ExecutionRead_RetryMeta_"];
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
    executions_act_on_executions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_BulkResult_NoneType_"];
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
    webhooks_call_hook: {
        parameters: {
            query?: never;
            header?: {
                /** @description `Bearer <secret>`. */
                authorization?: string | null;
                /** @description The same delivery runs once. */
                "idempotency-key"?: string | null;
                /** @description The same delivery runs once. */
                "x-github-delivery"?: string | null;
                /** @description `sha256=<HMAC-SHA256 of the body, in hex>`. */
                "x-hub-signature-256"?: string | null;
            };
            path: {
                routine_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "params": {
                 *         "days": 3
                 *       },
                 *       "business_date": "2026-11-20"
                 *     }
                 */
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_HookAnswer_NoneType_"];
                };
            };
            /** @description `HOOK_REFUSED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `HOOK_NOT_IN_USE` or `HOOK_PAUSED` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `HOOK_TOO_LARGE` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `BUSINESS_DATE_TOO_FAR` or `HOOK_BODY_INVALID` or `IDEMPOTENCY_KEY_REUSED` or `ROUTINE_PARAMS_INVALID` or `ROUTINE_SECRET_MISSING` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `TOO_MANY_REQUESTS` */
            429: {
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
    incidents_list_incidents: {
        parameters: {
            query?: {
                /** @description Only incidents of this business date. */
                business_date?: string | null;
                /** @description `meta.next_cursor` of the page before; empty for the first page. */
                cursor?: string | null;
                /** @description Only these kinds. */
                kind?: components["schemas"]["Kind-Input"][] | null;
                /** @description Rows per page. */
                limit?: number;
                /** @description Only incidents of this routine. */
                routine_id?: string | null;
                /** @description Only open ones, only resolved ones, or all. */
                state?: "open" | "resolved" | "all";
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
                    "application/json": components["schemas"]["ApiResponse_list_IncidentRead__CursorMeta_"];
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
    incidents_get_incident: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                incident_id: string;
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
                    "application/json": components["schemas"]["ApiResponse_IncidentRead_NoneType_"];
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
            /** @description `INCIDENT_NOT_FOUND` */
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
    incidents_acknowledge_incident: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                incident_id: string;
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
                    "application/json": components["schemas"]["ApiResponse_IncidentRead_NoneType_"];
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
            /** @description `INCIDENT_NOT_FOUND` */
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
    notifications_list_channels: {
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
                    "application/json": components["schemas"]["ApiResponse_list_ChannelRead__NoneType_"];
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
    notifications_create_channel: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookWrite"] | components["schemas"]["SlackWrite"] | components["schemas"]["EmailWrite"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_ChannelRead_NoneType_"];
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
            /** @description `CHANNEL_NAME_TAKEN` or `SECRETS_KEY_MISSING` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `ADDRESS_NOT_ALLOWED` or `CHANNEL_SECRET_MISSING` */
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
    notifications_get_channel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                channel_id: string;
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
                    "application/json": components["schemas"]["ApiResponse_ChannelRead_NoneType_"];
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
            /** @description `CHANNEL_NOT_FOUND` */
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
    notifications_update_channel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                channel_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookWrite"] | components["schemas"]["SlackWrite"] | components["schemas"]["EmailWrite"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_ChannelRead_NoneType_"];
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
            /** @description `CHANNEL_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `CHANNEL_NAME_TAKEN` or `SECRETS_KEY_MISSING` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `ADDRESS_NOT_ALLOWED` or `CHANNEL_KIND_FIXED` or `CHANNEL_SECRET_MISSING` */
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
    notifications_delete_channel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                channel_id: string;
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
            /** @description `CHANNEL_NOT_FOUND` */
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
    notifications_test_channel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                channel_id: string;
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
                    "application/json": components["schemas"]["ApiResponse_ChannelTestRead_NoneType_"];
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
            /** @description `CHANNEL_NOT_FOUND` */
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
    notifications_list_deliveries: {
        parameters: {
            query?: {
                /** @description Only messages to this channel. */
                channel_id?: string | null;
                /** @description `meta.next_cursor` of the page before; empty for the first page. */
                cursor?: string | null;
                /** @description Only messages about this incident. */
                incident_id?: string | null;
                /** @description Rows per page. */
                limit?: number;
                /** @description Only messages that stand like this. */
                status?: ("PENDING" | "SENT" | "DEAD") | null;
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
                    "application/json": components["schemas"]["ApiResponse_list_DeliveryRead__CursorMeta_"];
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
    notifications_retry_delivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                delivery_id: string;
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
                    "application/json": components["schemas"]["ApiResponse_DeliveryRead_NoneType_"];
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
            /** @description `DELIVERY_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `DELIVERY_NOT_DEAD` */
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
    notifications_list_rules: {
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
                    "application/json": components["schemas"]["ApiResponse_list_RuleRead__NoneType_"];
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
    notifications_create_rule: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RuleWrite"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_RuleRead_NoneType_"];
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
            /** @description `RULE_NAME_TAKEN` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `RULE_CHANNEL_UNKNOWN` */
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
    notifications_update_rule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                rule_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RuleWrite"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_RuleRead_NoneType_"];
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
            /** @description `RULE_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `RULE_NAME_TAKEN` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `RULE_CHANNEL_UNKNOWN` */
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
    notifications_delete_rule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                rule_id: string;
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
            /** @description `RULE_NOT_FOUND` */
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
            /** @description `DAY_GROUP_UNKNOWN` or `JOB_UNKNOWN` or `POOL_UNKNOWN` or `ROUTINE_DEPENDENCY_CYCLE` or `ROUTINE_DEPENDENCY_UNKNOWN` or `ROUTINE_ONCE_NEVER_RUNS` or `ROUTINE_PARAMS_INVALID` or `ROUTINE_SECRET_MISSING` or `ROUTINE_TRIGGER_UNKNOWN` */
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
            /** @description `DAY_GROUP_UNKNOWN` or `JOB_UNKNOWN` or `POOL_UNKNOWN` or `ROUTINE_DEPENDENCY_CYCLE` or `ROUTINE_DEPENDENCY_UNKNOWN` or `ROUTINE_ONCE_NEVER_RUNS` or `ROUTINE_PARAMS_INVALID` or `ROUTINE_SECRET_EXPOSED` or `ROUTINE_SECRET_MISSING` or `ROUTINE_TRIGGER_UNKNOWN` */
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
            /** @description `DAY_GROUP_UNKNOWN` or `JOB_UNKNOWN` or `POOL_UNKNOWN` or `ROUTINE_DEPENDENCY_CYCLE` or `ROUTINE_DEPENDENCY_UNKNOWN` or `ROUTINE_ONCE_NEVER_RUNS` or `ROUTINE_PARAMS_INVALID` or `ROUTINE_SECRET_EXPOSED` or `ROUTINE_SECRET_MISSING` or `ROUTINE_TRIGGER_UNKNOWN` */
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
            header?: {
                /** @description pt-BR or en: the language of the texts. */
                "Accept-Language"?: string;
            };
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
                /** @description Repeating a request with its key gives the same answer and creates nothing. Kept for 24 hours. */
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
                    "application/json": components["schemas"]["ApiResponse_ExecutionRead_RunMeta_"];
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
            /** @description `BUSINESS_DATE_TOO_FAR` or `IDEMPOTENCY_KEY_REUSED` or `ROUTINE_PARAMS_INVALID` or `ROUTINE_SECRET_MISSING` */
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
    stats_stats_of_routine: {
        parameters: {
            query?: {
                /** @description The last business date; without it today in São Paulo. */
                end?: string | null;
                /** @description The first business date; without it 30 days up to `end`. */
                start?: string | null;
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
                    "application/json": components["schemas"]["ApiResponse_DaysRead_NoneType_"];
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
            /** @description `RANGE_INVALID` */
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
    webhooks_get_hook_secret: {
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
                    "application/json": components["schemas"]["ApiResponse_HookSecretRead_NoneType_"];
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
            /** @description `HOOK_SECRET_MISSING` or `ROUTINE_NOT_FOUND` */
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
    webhooks_new_hook_secret: {
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
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_HookSecret_NoneType_"];
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
    scheduler_run_maintenance: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["MaintenanceRequest"] | null;
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_MaintenanceRead_NoneType_"];
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
    scheduler_check_health: {
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
                    "application/json": components["schemas"]["ApiResponse_CheckRead_NoneType_"];
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
    scheduler_restart_loops: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RestartRequest"] | null;
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_RestartRead_NoneType_"];
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
            /** @description `SCHEDULER_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `NO_SCHEDULER` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `LOOP_UNKNOWN` */
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
    scheduler_get_restart: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                restart_id: string;
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
                    "application/json": components["schemas"]["ApiResponse_RestartRead_NoneType_"];
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
            /** @description `RESTART_NOT_FOUND` */
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
    scheduler_preview_day: {
        parameters: {
            query: {
                date: string;
                /** @description At most so many runs; `runs_total` counts all. */
                limit?: number;
            };
            header?: {
                /** @description pt-BR or en: the language of the texts. */
                "Accept-Language"?: string;
            };
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
                    "application/json": components["schemas"]["ApiResponse_DayPreview_NoneType_"];
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
    stats_stats_by_day: {
        parameters: {
            query?: {
                /** @description The last business date; without it today in São Paulo. */
                end?: string | null;
                /** @description The first business date; without it 30 days up to `end`. */
                start?: string | null;
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
                    "application/json": components["schemas"]["ApiResponse_DaysRead_NoneType_"];
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
            /** @description `RANGE_INVALID` */
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
    stats_stats_by_routine: {
        parameters: {
            query?: {
                /** @description The last business date; without it today in São Paulo. */
                end?: string | null;
                limit?: number;
                /** @description The largest first; `name` alphabetically. */
                order?: components["schemas"]["RoutineOrder"];
                /** @description The first business date; without it 30 days up to `end`. */
                start?: string | null;
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
                    "application/json": components["schemas"]["ApiResponse_RoutinesRead_NoneType_"];
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
            /** @description `RANGE_INVALID` */
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
