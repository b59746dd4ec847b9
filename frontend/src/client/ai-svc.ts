// Generated from openapi/ai-svc.json by "make client". Do not edit.

export interface paths {
    "/api/v1/ai/budgets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List budgets
         * @description All budgets by name, each with the ten subjects that used most in the running period. Money is in US dollars.
         */
        get: operations["budgets_list_budgets"];
        put?: never;
        /**
         * Create a budget
         * @description Limit the tokens, the money, or both, of a user, an API key, a team, an agent, each of them, or everything.
         *
         *     What a call may use is set aside before it is made, on every budget that applies: no number of calls at the same
         *     time goes past a hard limit. It counts from now on.
         */
        post: operations["budgets_create_budget"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ai/budgets/{budget_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a budget
         * @description One budget; its ETag is what a change must send.
         */
        get: operations["budgets_get_budget"];
        /**
         * Change a budget
         * @description Replace a budget. What was used stays used: a lower limit may be reached at once.
         */
        put: operations["budgets_update_budget"];
        post?: never;
        /**
         * Delete a budget
         * @description Remove a budget and its counters; the log of calls stays.
         */
        delete: operations["budgets_delete_budget"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ai/budgets/mine": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what is left for you
         * @description The budgets that apply to your calls, with what is left of them in the running period.
         */
        get: operations["budgets_list_my_budgets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ai/episodes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List episodes
         * @description Notable events, newest first: what went wrong, what was loaded, which routines changed.
         */
        get: operations["episodes_list_episodes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ai/prices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List prices
         * @description What calls cost, in US dollars per million tokens, as operators entered it.
         */
        get: operations["budgets_list_prices"];
        put?: never;
        /**
         * Add a price
         * @description Say what a model costs. The most exact name counts, then the newest date; calls keep the price they began with.
         *
         *     A model without a price uses tokens and no money; where a hard budget in money applies, its calls are refused.
         */
        post: operations["budgets_create_price"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ai/prices/{price_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete a price
         * @description Remove a price; what was booked with it stays booked.
         */
        delete: operations["budgets_delete_price"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ai/prompts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List prompts
         * @description Prompts by name, with where their labels point.
         */
        get: operations["prompts_list_prompts"];
        put?: never;
        /**
         * Create a prompt
         * @description Add a prompt; its first version is in production at once.
         *
         *     `{{name}}` stands for a declared variable. Nothing else is replaced, and no value is searched for variables.
         */
        post: operations["prompts_create_prompt"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ai/prompts/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a prompt
         * @description A prompt with its versions, its labels and how they moved; its ETag is what a change must send.
         *
         *     A release never overwrites a person's choice: `overrides_release` says that there is one.
         */
        get: operations["prompts_get_prompt"];
        /**
         * Describe a prompt
         * @description Say anew what a prompt is for. Its text changes by a new version.
         */
        put: operations["prompts_update_prompt"];
        post?: never;
        /**
         * Archive a prompt
         * @description Take a prompt out of use. Its versions stay: what calls were made with can always be read.
         */
        delete: operations["prompts_archive_prompt"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ai/prompts/{name}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Compare two versions
         * @description What changed between two versions, as unified diffs of the text and of the variables.
         */
        get: operations["prompts_diff_prompt_versions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ai/prompts/{name}/labels/{label}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Move a label
         * @description Point a label at a version; calls use it within a second. A label that is not there yet is made.
         *
         *     `production` on the release's own version follows later releases; on any other it stays where you put it.
         */
        put: operations["prompts_move_prompt_label"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ai/prompts/{name}/labels/{label}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Roll a label back
         * @description Point a label at where it was before its newest move; again, at where it was before that.
         */
        post: operations["prompts_rollback_prompt_label"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ai/prompts/{name}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restore a prompt
         * @description Put an archived prompt back into use.
         */
        post: operations["prompts_restore_prompt"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ai/prompts/{name}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Test a prompt
         * @description Ask a model with a version's text and your values. It is a real call: it costs what it costs and is in usage.
         */
        post: operations["prompts_test_prompt"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ai/prompts/{name}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add a version
         * @description Add a version, which never changes. No label moves: test it, then move `production` to it.
         */
        post: operations["prompts_create_prompt_version"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ai/prompts/{name}/versions/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a version
         * @description One version with its text and its variables.
         */
        get: operations["prompts_get_prompt_version"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ai/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read how models do
         * @description Which model providers are configured, who is asked in which order and how they do; whether events are kept.
         */
        get: operations["ai_status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ai/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List tasks
         * @description Your tasks, the newest first, without their texts; administrators see everybody's.
         */
        get: operations["tasks_list_tasks"];
        put?: never;
        post?: never;
        /**
         * Erase a person's tasks
         * @description Removes all that a person ever asked for, with every text in it. What runs is stopped.
         */
        delete: operations["tasks_erase_tasks"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ai/tasks/{task_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a task
         * @description How far a task is, and its result once it is over. Poll it, or listen for `task.finished`.
         */
        get: operations["tasks_get_task"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ai/tasks/{task_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a task
         * @description A task that waits is over at once. One that runs stops within moments; until then `cancel_requested` is true.
         *
         *     What a batch's items came to before the cancel stays.
         */
        post: operations["tasks_cancel_task"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ai/tasks/{task_id}/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a batch's items
         * @description What became of each item of a batch, in the order in which they were sent; also while it runs.
         */
        get: operations["tasks_list_task_items"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ai/text/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Do many texts
         * @description Many inputs of one kind, each with a result or an error of its own.
         *
         *     A small batch is answered when it is done; a long one is a task whose items can be read while it runs. What is done
         *     is never done again, also when the service is stopped in the middle.
         */
        post: operations["text_batch_texts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ai/text/process": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Process a text
         * @description Applies an instruction to a text, with a model, or one of the operations, which need none.
         *
         *     A text beyond the model's window is processed in parts, whose answers follow each other. With an `answer_schema` the
         *     answer is JSON that satisfies it, in `data`.
         */
        post: operations["text_process_text"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ai/text/qa": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask a text
         * @description An answer from the text alone, with quotes that stand in it word for word; else `found` is false.
         *
         *     Without a model the answer is made of the sentences that have most in common with the question.
         */
        post: operations["text_ask_text"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ai/text/summarize": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sum a text up
         * @description A summary in the style, length and language that were asked for.
         *
         *     A text beyond the model's window is summed up in parts first. Without a model the summary is made of the text's own
         *     most telling sentences.
         */
        post: operations["text_summarize_text"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ai/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what was used
         * @description Tokens and US dollars of calls to models, in groups. A viewer sees their own, an administrator everybody's.
         *
         *     Groups come by day where days are asked for, then those with the most tokens first, at most 1,000.
         */
        get: operations["usage_read_usage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rag/ask": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask the documents
         * @description An answer from the documents that you may read, each sentence with a quote that stands there, or 'not found'.
         *
         *     Without a model, or when none answers, it is made of the quotes themselves.
         */
        post: operations["rag_ask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rag/ask/{run_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Stop an answer
         * @description Ends the call to the model, too; what it used until then is booked.
         */
        delete: operations["rag_stop"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rag/ask/{run_id}/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Take a stream up again
         * @description The events after `Last-Event-ID`, none lost and none twice.
         */
        get: operations["rag_resume"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rag/ask/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask the documents and read along
         * @description Events: `run` (its id), `sources`, then `delta`, `citation`, `restart` as they come, then one `done` or `error`.
         *
         *     `restart` voids what was said before it. When the connection is lost, go on with
         *     `GET /rag/ask/{run_id}/stream` and `Last-Event-ID`, within a minute.
         */
        post: operations["rag_ask_stream"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rag/documents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List documents
         * @description Documents that you may read, the latest added first; administrators see the descriptions of all.
         */
        get: operations["documents_list_documents"];
        put?: never;
        /**
         * Upload a document
         * @description Adds a file (md, txt, html, pdf, docx, xlsx, csv), or a new version of the one with the same key.
         *
         *     It is searchable once its status is READY; until then, and if reading it fails, the version before answers. The same
         *     content again changes nothing. Without `readers` only you may read it.
         */
        post: operations["documents_upload_document"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rag/documents/{document_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a document
         * @description A document's description: where it comes from, what readers see of it, and what went wrong last, if anything.
         */
        get: operations["documents_get_document"];
        put?: never;
        post?: never;
        /**
         * Delete a document
         * @description Removes it with its passages, words, vectors and the uploaded file.
         */
        delete: operations["documents_delete_document"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rag/documents/{document_id}/access": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set who may read a document
         * @description Holds from this answer on for every search. The owner reads always.
         */
        put: operations["documents_set_document_access"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rag/documents/{document_id}/chunks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a document's passages
         * @description The passages that searches find, in their order.
         */
        get: operations["documents_list_document_chunks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rag/documents/{document_id}/reindex": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Index a document again
         * @description Fetches, reads and cuts it again, also when its source did not change; the version before answers meanwhile.
         */
        post: operations["documents_reindex_document"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rag/documents/folder": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add the documents of a folder
         * @description Adds what is new below a folder, asks for what changed, removes what is gone.
         *
         *     Only folders below those that AI_SVC_DOCUMENT_FOLDERS names. Without `readers` everyone may read them.
         */
        post: operations["documents_add_documents_of_folder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rag/documents/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask sources for news
         * @description Runbooks, descriptions of routines and errors of the last month; and addresses whose content changed.
         */
        post: operations["documents_refresh_documents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rag/documents/text": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Write a document
         * @description Adds a text, read as Markdown, or a new version of the one with the same key.
         */
        post: operations["documents_write_document"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rag/documents/url": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add a document from an address
         * @description Has an address fetched now, and again by the job `rag.refresh` when its source changed.
         *
         *     Only public addresses are fetched; redirects are followed as long as they lead to public ones.
         */
        post: operations["documents_add_document_from_url"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rag/people/{subject}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Erase a person's data
         * @description Removes a person's documents with all that was made of them, tasks, answers, and the person from others' readers.
         *
         *     The log of calls to models, which holds no content, and the history of prompts stay. Doing it again removes nothing
         *     more and says so.
         */
        delete: operations["documents_erase_person"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rag/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Search documents
         * @description The passages that answer a question best, of the documents that you may read, best first.
         *
         *     `evidence` says whether the answer is in them at all: the nearest passages are shown even when it is not, with the
         *     words of the question that none of them has. Nothing is written by a model here. With `explain` each passage carries
         *     its BM25 score, its cosine similarity (nothing where a leg did not find it) and the score that it is ordered by.
         */
        post: operations["search_search_documents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rag/spaces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List embedding spaces
         * @description Every embedding space, newest first, and how far it is filled. Searches use the live one only.
         */
        get: operations["embedding spaces_list_spaces"];
        put?: never;
        /**
         * Start an embedding space
         * @description Start re-embedding with another model. Searches go on in the live space until the new one is told to go live.
         */
        post: operations["embedding spaces_start_space"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rag/spaces/{space_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an embedding space
         * @description One embedding space and how far it is filled.
         */
        get: operations["embedding spaces_get_space"];
        put?: never;
        post?: never;
        /**
         * Remove an embedding space
         * @description Delete a space that is not live, with all its vectors. It cannot be undone but by embedding everything again.
         */
        delete: operations["embedding spaces_remove_space"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rag/spaces/{space_id}/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let an embedding space go live
         * @description Let searches use this space. The live one is retired; the same call brings it back at once.
         */
        post: operations["embedding spaces_let_space_go_live"];
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
         * AccessWrite
         * @description Who may read a document.
         */
        AccessWrite: {
            /**
             * Readers
             * @description Who may read it beside its owner; empty: only its owner.
             */
            readers: string[];
        };
        /**
         * AiStatus
         * @description What the assistant can count on in this installation.
         */
        AiStatus: {
            /** Chain */
            chain: components["schemas"]["LinkRead"][];
            /** Listening */
            listening: boolean;
            provider: components["schemas"]["ProviderName"];
            /** Providers */
            providers: components["schemas"]["ProviderRead"][];
            /** Tracing */
            tracing: boolean;
            /** Version */
            version: string;
        };
        /**
         * AnswerRead
         * @description An answer, or an honest 'not found' with the nearest passages.
         *
         *     `mode` is `model` when a model wrote it, `quotes` when it is made of passages alone, `not_found` when the documents
         *     do not answer the question. `reason` says why no model wrote it. `refused_citations` counts what a
         *     model cited and no passage says.
         */
        AnswerRead: {
            /** Citations */
            citations: components["schemas"]["CitationRead"][];
            /** Evidence */
            evidence: number;
            /**
             * Mode
             * @enum {string}
             */
            mode: "model" | "quotes" | "not_found";
            /** Model */
            model: string;
            /** Prompt Version */
            prompt_version: number | null;
            provider: components["schemas"]["ProviderName"];
            /** Reason */
            reason: string | null;
            /** Refused Citations */
            refused_citations: number;
            /** Sources */
            sources: components["schemas"]["SourceRead"][];
            /** Text */
            text: string;
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
        /** ApiResponse[AiStatus, NoneType] */
        ApiResponse_AiStatus_NoneType_: {
            data: components["schemas"]["AiStatus"];
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
        /** ApiResponse[AnswerRead, NoneType] */
        ApiResponse_AnswerRead_NoneType_: {
            data: components["schemas"]["AnswerRead"];
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
        /** ApiResponse[BatchRead, NoneType] */
        ApiResponse_BatchRead_NoneType_: {
            data: components["schemas"]["BatchRead"];
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
        /** ApiResponse[BudgetRead, NoneType] */
        ApiResponse_BudgetRead_NoneType_: {
            data: components["schemas"]["BudgetRead"];
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
        /** ApiResponse[DocumentAdded, NoneType] */
        ApiResponse_DocumentAdded_NoneType_: {
            data: components["schemas"]["DocumentAdded"];
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
        /** ApiResponse[DocumentRead, NoneType] */
        ApiResponse_DocumentRead_NoneType_: {
            data: components["schemas"]["DocumentRead"];
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
        /** ApiResponse[Erased, NoneType] */
        ApiResponse_Erased_NoneType_: {
            data: components["schemas"]["Erased"];
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
        /** ApiResponse[list[BudgetMine], NoneType] */
        ApiResponse_list_BudgetMine__NoneType_: {
            /** Data */
            data: components["schemas"]["BudgetMine"][];
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
        /** ApiResponse[list[BudgetRead], NoneType] */
        ApiResponse_list_BudgetRead__NoneType_: {
            /** Data */
            data: components["schemas"]["BudgetRead"][];
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
        /** ApiResponse[list[ChunkRead], CursorMeta] */
        ApiResponse_list_ChunkRead__CursorMeta_: {
            /** Data */
            data: components["schemas"]["ChunkRead"][];
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
        /** ApiResponse[list[DocumentRead], CursorMeta] */
        ApiResponse_list_DocumentRead__CursorMeta_: {
            /** Data */
            data: components["schemas"]["DocumentRead"][];
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
        /** ApiResponse[list[EpisodeRead], CursorMeta] */
        ApiResponse_list_EpisodeRead__CursorMeta_: {
            /** Data */
            data: components["schemas"]["EpisodeRead"][];
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
        /** ApiResponse[list[ItemRead], CursorMeta] */
        ApiResponse_list_ItemRead__CursorMeta_: {
            /** Data */
            data: components["schemas"]["ItemRead"][];
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
        /** ApiResponse[list[PriceRead], NoneType] */
        ApiResponse_list_PriceRead__NoneType_: {
            /** Data */
            data: components["schemas"]["PriceRead"][];
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
        /** ApiResponse[list[PromptSummary], CursorMeta] */
        ApiResponse_list_PromptSummary__CursorMeta_: {
            /** Data */
            data: components["schemas"]["PromptSummary"][];
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
        /** ApiResponse[list[SpaceRead], NoneType] */
        ApiResponse_list_SpaceRead__NoneType_: {
            /** Data */
            data: components["schemas"]["SpaceRead"][];
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
        /** ApiResponse[list[TaskSummary], CursorMeta] */
        ApiResponse_list_TaskSummary__CursorMeta_: {
            /** Data */
            data: components["schemas"]["TaskSummary"][];
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
        /** ApiResponse[list[UsageRow], UsageMeta] */
        ApiResponse_list_UsageRow__UsageMeta_: {
            /** Data */
            data: components["schemas"]["UsageRow"][];
            /** Errors */
            errors: null;
            meta: components["schemas"]["UsageMeta"];
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
        /** ApiResponse[PriceRead, NoneType] */
        ApiResponse_PriceRead_NoneType_: {
            data: components["schemas"]["PriceRead"];
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
        /** ApiResponse[ProcessRead, NoneType] */
        ApiResponse_ProcessRead_NoneType_: {
            data: components["schemas"]["ProcessRead"];
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
        /** ApiResponse[PromptDiff, NoneType] */
        ApiResponse_PromptDiff_NoneType_: {
            data: components["schemas"]["PromptDiff"];
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
        /** ApiResponse[PromptRead, NoneType] */
        ApiResponse_PromptRead_NoneType_: {
            data: components["schemas"]["PromptRead"];
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
        /** ApiResponse[PromptTestRead, NoneType] */
        ApiResponse_PromptTestRead_NoneType_: {
            data: components["schemas"]["PromptTestRead"];
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
        /** ApiResponse[Refreshed, NoneType] */
        ApiResponse_Refreshed_NoneType_: {
            data: components["schemas"]["Refreshed"];
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
        /** ApiResponse[SearchRead, NoneType] */
        ApiResponse_SearchRead_NoneType_: {
            data: components["schemas"]["SearchRead"];
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
        /** ApiResponse[SpaceRead, NoneType] */
        ApiResponse_SpaceRead_NoneType_: {
            data: components["schemas"]["SpaceRead"];
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
        /** ApiResponse[SummaryRead, NoneType] */
        ApiResponse_SummaryRead_NoneType_: {
            data: components["schemas"]["SummaryRead"];
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
        /** ApiResponse[Synced, NoneType] */
        ApiResponse_Synced_NoneType_: {
            data: components["schemas"]["Synced"];
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
        /** ApiResponse[TaskRead, NoneType] */
        ApiResponse_TaskRead_NoneType_: {
            data: components["schemas"]["TaskRead"];
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
        /** ApiResponse[TasksErased, NoneType] */
        ApiResponse_TasksErased_NoneType_: {
            data: components["schemas"]["TasksErased"];
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
        /** ApiResponse[TextAnswerRead, NoneType] */
        ApiResponse_TextAnswerRead_NoneType_: {
            data: components["schemas"]["TextAnswerRead"];
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
        /** ApiResponse[VersionRead, NoneType] */
        ApiResponse_VersionRead_NoneType_: {
            data: components["schemas"]["VersionRead"];
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
         * AskRequest
         * @description A question about the documents that the caller may read.
         * @example {
         *       "passages": 6,
         *       "question": "Até que horas a B3 publica o COTAHIST?"
         *     }
         */
        AskRequest: {
            /**
             * @default {
             *       "tags": [],
             *       "source_kinds": [],
             *       "document_ids": []
             *     }
             */
            filters: components["schemas"]["SearchFilters"];
            /**
             * Passages
             * @description How many passages the answer may draw on.
             * @default 6
             */
            passages: number;
            question: components["schemas"]["Question"];
        };
        /**
         * BatchRead
         * @description A batch that is done, with what became of each item.
         */
        BatchRead: {
            /** Items */
            items: components["schemas"]["ItemRead"][];
            task: components["schemas"]["TaskRead"];
        };
        /**
         * BatchRequest
         * @description Many inputs of one kind; each item has the fields of that kind's own request.
         */
        BatchRequest: {
            /** Items */
            items: components["schemas"]["ProcessRequest"][] | components["schemas"]["SummarizeRequest"][] | components["schemas"]["QaRequest"][];
            /**
             * Kind
             * @enum {string}
             */
            kind: "process" | "summarize" | "qa";
        };
        /**
         * BreakerState
         * @enum {string}
         */
        BreakerState: "closed" | "open" | "half_open";
        /**
         * BudgetMine
         * @description A budget that applies to you, and how much of it is left; `left_*` is null where there is no limit.
         */
        BudgetMine: {
            /** Hard */
            hard: boolean;
            /** Left Tokens */
            left_tokens: number | null;
            /** Left Usd */
            left_usd: string | null;
            /** Limit Tokens */
            limit_tokens: number | null;
            /** Limit Usd */
            limit_usd: string | null;
            /** Name */
            name: string;
            period: components["schemas"]["Period"];
            /**
             * Resets At
             * Format: date-time
             */
            resets_at: string;
            subject_kind: components["schemas"]["SubjectKind"];
        };
        /**
         * BudgetRead
         * @description A budget. `spent` has the ten subjects that used most in the running period.
         */
        BudgetRead: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Created By */
            created_by: string;
            /** Hard */
            hard: boolean;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Limit Tokens */
            limit_tokens: number | null;
            /** Limit Usd */
            limit_usd: string | null;
            /** Name */
            name: string;
            period: components["schemas"]["Period"];
            /**
             * Period Start
             * Format: date
             */
            period_start: string;
            /**
             * Resets At
             * Format: date-time
             */
            resets_at: string;
            /** Spent */
            spent: components["schemas"]["Spent"][];
            /** Subject */
            subject: string | null;
            subject_kind: components["schemas"]["SubjectKind"];
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
         * BudgetWrite
         * @description A budget. Calls count against every budget that applies to them; a `hard` one refuses what does not fit.
         *
         *     Without a `subject` each user (key, team, agent) has the limits for itself.
         */
        BudgetWrite: {
            /**
             * Hard
             * @default true
             */
            hard: boolean;
            /**
             * Limit Tokens
             * @example 200000
             */
            limit_tokens?: number | null;
            /**
             * Limit Usd
             * @example 5.00
             */
            limit_usd?: number | string | null;
            /**
             * Name
             * @example Cada pessoa, por dia
             */
            name: string;
            period: components["schemas"]["Period"];
            /**
             * Subject
             * @example ana
             */
            subject?: string | null;
            subject_kind: components["schemas"]["SubjectKind"];
        };
        /**
         * CallsRead
         * @description The calls to models that it took: none when it was done without one (`provider` is `local`).
         */
        CallsRead: {
            /** Calls */
            calls: number;
            /** Input Tokens */
            input_tokens: number;
            /** Model */
            model: string | null;
            /** Output Tokens */
            output_tokens: number;
            /** Provider */
            provider: string;
        };
        /** @enum {string} */
        Chunking: "heading" | "fixed" | "semantic";
        /**
         * ChunkRead
         * @description A passage: `[start_offset:end_offset]` of the document's text, in characters.
         */
        ChunkRead: {
            /** End Offset */
            end_offset: number;
            /** Heading */
            heading: string;
            /** Id */
            id: number;
            /** Ordinal */
            ordinal: number;
            /** Page */
            page: number | null;
            /** Start Offset */
            start_offset: number;
            /** Text */
            text: string;
            /** Version */
            version: number;
        };
        /**
         * CitationRead
         * @description A quote: `text[start:end]` of the document's text is `quote`. `number` is the one in the answer's text, `[1]`.
         */
        CitationRead: {
            /** Chunk Id */
            chunk_id: number;
            /**
             * Document Id
             * Format: uuid
             */
            document_id: string;
            /** End */
            end: number;
            /** Heading */
            heading: string;
            /** Number */
            number: number;
            /** Page */
            page: number | null;
            /** Quote */
            quote: string;
            /** Start */
            start: number;
            /** Title */
            title: string;
            /** Version */
            version: number;
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
         * DocumentAdded
         * @description What became of it. The document is searchable once it is READY.
         */
        DocumentAdded: {
            document: components["schemas"]["DocumentRead"];
            outcome: components["schemas"]["Outcome"];
        };
        /**
         * DocumentRead
         * @description A document. `version` is what readers see (0: nothing yet); `error_code` is that of the last attempt.
         */
        DocumentRead: {
            /** Checked At */
            checked_at: string | null;
            /** Chunk Count */
            chunk_count: number;
            chunking: components["schemas"]["Chunking"];
            /** Collection */
            collection: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Error Code */
            error_code: string | null;
            /** Error Message */
            error_message: string | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Indexed At */
            indexed_at: string | null;
            /** Language */
            language: string | null;
            /** Media Type */
            media_type: string | null;
            /** Owner */
            owner: string;
            /** Readers */
            readers: string[];
            /** Size Bytes */
            size_bytes: number | null;
            /** Source Key */
            source_key: string;
            source_kind: components["schemas"]["SourceKind"];
            /** Source Uri */
            source_uri: string | null;
            status: components["schemas"]["Status"];
            /** Tags */
            tags: string[];
            /** Title */
            title: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** Version */
            version: number;
        };
        /**
         * EpisodeRead
         * @description A notable event. `summary` holds the event's payload as its contract in shared-schemas describes it.
         */
        EpisodeRead: {
            /** Correlation Id */
            correlation_id: string;
            /**
             * Event Id
             * Format: uuid
             */
            event_id: string;
            event_type: components["schemas"]["EpisodeType"];
            /**
             * Occurred At
             * Format: date-time
             */
            occurred_at: string;
            /** Source Service */
            source_service: string;
            /** Summary */
            summary: {
                [key: string]: unknown;
            };
        };
        /**
         * EpisodeType
         * @description Events worth remembering: what a person would tell about a day. Expected successes are counted in core-api.
         * @enum {string}
         */
        EpisodeType: "execution.failed" | "execution.recovered" | "execution.cancelled" | "execution.skipped" | "worker.lost" | "daily_load.completed" | "dataset.loaded" | "routine.created" | "routine.updated" | "routine.deleted";
        /**
         * Erased
         * @description What of a person is gone.
         */
        Erased: {
            /** Access Lists */
            access_lists: number;
            /** Chunks */
            chunks: number;
            /** Documents */
            documents: number;
            /** Runs */
            runs: number;
            /** Subject */
            subject: string;
            /** Tasks */
            tasks: number;
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
         * EvidenceRead
         * @description Whether the passages hold an answer, how likely that is (0 to 1), and what is missing if not.
         */
        EvidenceRead: {
            /** Answerable */
            answerable: boolean;
            /** Missing */
            missing: string[];
            reason: components["schemas"]["Reason"];
            /** Score */
            score: number;
        };
        /**
         * FinishReason
         * @enum {string}
         */
        FinishReason: "stop" | "length" | "tool_calls" | "filtered";
        /**
         * FolderWrite
         * @description Every readable file below a folder; files that are gone from it are removed. Readers left out: everyone.
         */
        FolderWrite: {
            /** @default heading */
            chunking: components["schemas"]["Chunking"];
            /**
             * Collection
             * @description A group of documents, to search in; empty for none.
             * @default
             */
            collection: string;
            /** Path */
            path: string;
            /**
             * Readers
             * @description Left out: its owner, or as they are.
             */
            readers?: string[] | null;
            /**
             * Tags
             * @default []
             */
            tags: string[];
        };
        /**
         * HitRead
         * @description A passage, where it is, and its text. `start` and `end` count characters of the document's text.
         */
        HitRead: {
            /** Chunk Id */
            chunk_id: number;
            /**
             * Document Id
             * Format: uuid
             */
            document_id: string;
            /** End */
            end: number;
            /** Heading */
            heading: string;
            /** Page */
            page: number | null;
            scores: components["schemas"]["ScoresRead"] | null;
            /** Start */
            start: number;
            /** Text */
            text: string;
            /** Title */
            title: string;
            /** Version */
            version: number;
        };
        /**
         * ItemRead
         * @description One of a batch's items, in the order in which they were sent.
         */
        ItemRead: {
            error: components["schemas"]["TaskError"] | null;
            /** Finished At */
            finished_at: string | null;
            /** Input Tokens */
            input_tokens: number;
            /** Ordinal */
            ordinal: number;
            /** Output Tokens */
            output_tokens: number;
            /** Result */
            result: {
                [key: string]: unknown;
            } | null;
            status: components["schemas"]["ItemStatus"];
        };
        /**
         * ItemStatus
         * @enum {string}
         */
        ItemStatus: "PENDING" | "SUCCEEDED" | "FAILED" | "CANCELLED";
        /**
         * LabelMove
         * @description Where a label is to point.
         */
        LabelMove: {
            /**
             * Note
             * @default
             */
            note: string;
            /**
             * Version
             * @example 3
             */
            version: number;
        };
        /**
         * LabelRead
         * @description Where a label points. One that follows the release moves when a release brings a new version; others stay.
         */
        LabelRead: {
            /** Follows Release */
            follows_release: boolean;
            /** Label */
            label: string;
            /**
             * Moved At
             * Format: date-time
             */
            moved_at: string;
            /** Moved By */
            moved_by: string;
            /** Version */
            version: number;
        };
        /**
         * LinkRead
         * @description One step of the chain, and whether it is asked at the moment.
         */
        LinkRead: {
            breaker: components["schemas"]["BreakerState"];
            /** Model */
            model: string;
            provider: components["schemas"]["ProviderName"];
            /** Retry After Seconds */
            retry_after_seconds: number;
        };
        /**
         * MoveKind
         * @description Why a label moved: a release brought a new version, a person chose one, or a person undid a move.
         * @enum {string}
         */
        MoveKind: "release" | "move" | "rollback";
        /**
         * MoveRead
         * @description One move of a label.
         */
        MoveRead: {
            /** From Version */
            from_version: number | null;
            /** Id */
            id: number;
            kind: components["schemas"]["MoveKind"];
            /** Label */
            label: string;
            /**
             * Moved At
             * Format: date-time
             */
            moved_at: string;
            /** Moved By */
            moved_by: string;
            /** Note */
            note: string;
            /** To Version */
            to_version: number;
            /** Undoes */
            undoes: number | null;
        };
        /**
         * Operation
         * @enum {string}
         */
        Operation: "clean" | "keywords" | "sentences" | "statistics" | "language";
        /**
         * Origin
         * @description Who wrote a version: a release's file, or a person.
         * @enum {string}
         */
        Origin: "release" | "person";
        /**
         * Outcome
         * @description What adding a document did.
         * @enum {string}
         */
        Outcome: "created" | "updated" | "unchanged";
        /**
         * PartProblem
         * @description A part of a long text, counted from 1, that could not be done.
         */
        PartProblem: {
            /** Code */
            code: string;
            /** Message */
            message: string;
            /** Part */
            part: number;
        };
        /**
         * PassageValue
         * @description One item of a `fenced_list`, with the title of where it comes from.
         */
        PassageValue: {
            /** Text */
            text: string;
            /** Title */
            title?: string | null;
        };
        /**
         * Period
         * @description Days and months begin at midnight in America/Sao_Paulo.
         * @enum {string}
         */
        Period: "day" | "month";
        /**
         * PriceRead
         * @description A price per million tokens.
         */
        PriceRead: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Created By */
            created_by: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Input Usd */
            input_usd: string;
            /** Model */
            model: string;
            /** Output Usd */
            output_usd: string;
            provider: components["schemas"]["ProviderName"];
            /** Source */
            source: string;
            /**
             * Valid From
             * Format: date-time
             */
            valid_from: string;
        };
        /**
         * PriceWrite
         * @description A price per million tokens. `source` says where it was read: prices change without notice, so check them.
         */
        PriceWrite: {
            /** Input Usd */
            input_usd: number | string;
            /**
             * Model
             * @description A model's name; a star stands for any text.
             * @example my-model-*
             */
            model: string;
            /** Output Usd */
            output_usd: number | string;
            provider: components["schemas"]["ProviderName"];
            /**
             * Source
             * @example contrato 12/2026
             */
            source: string;
            /**
             * Valid From
             * @description Left out, it counts from now on.
             */
            valid_from?: string | null;
        };
        /**
         * ProcessRead
         * @description `data` is the JSON of an answer with a schema (a list when the text had several parts), or an operation's.
         */
        ProcessRead: {
            calls: components["schemas"]["CallsRead"];
            /** Data */
            data: unknown;
            /** Failed Parts */
            failed_parts: components["schemas"]["PartProblem"][];
            /** Parts */
            parts: number;
            /** Text */
            text: string;
            /** Truncated */
            truncated: boolean;
        };
        /**
         * ProcessRequest
         * @description An `instruction` for a model, or an `operation` that needs none. Exactly one of the two.
         */
        ProcessRequest: {
            /**
             * Answer Schema
             * @description JSON schema (2020-12) that the answer must satisfy; only with an instruction.
             */
            answer_schema?: {
                [key: string]: unknown;
            } | null;
            /** Instruction */
            instruction?: string | null;
            operation?: components["schemas"]["Operation"] | null;
            /**
             * Text
             * @description The text, as data: never orders.
             */
            text: string;
        };
        /**
         * PromptDescribe
         * @description What a prompt is for.
         */
        PromptDescribe: {
            /**
             * Description
             * @example O resumo da noite para a mesa.
             */
            description: string;
            purpose: components["schemas"]["Purpose"];
        };
        /**
         * PromptDiff
         * @description What changed between two versions, as unified diffs; empty where nothing did.
         */
        PromptDiff: {
            /** Body */
            body: string;
            /** From Version */
            from_version: number;
            /** To Version */
            to_version: number;
            /** Variables */
            variables: string;
        };
        /**
         * PromptRead
         * @description A prompt with its newest 200 versions and moves.
         *
         *     `overrides_release` when the version in production is a person's choice: a release does not change it, only shows
         *     its own as `release_version`. `falls_back` when that choice does not take the variables that the running release
         *     gives: the release's own text is used until a fitting version is in production.
         */
        PromptRead: {
            /** Archived At */
            archived_at: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Created By */
            created_by: string;
            /** Description */
            description: string;
            /** Falls Back */
            falls_back: boolean;
            /** Labels */
            labels: components["schemas"]["LabelRead"][];
            /** Language */
            language: string;
            /** Moves */
            moves: components["schemas"]["MoveRead"][];
            /** Name */
            name: string;
            /** Overrides Release */
            overrides_release: boolean;
            /** Purpose */
            purpose: string;
            /** Release Version */
            release_version: number | null;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** Updated By */
            updated_by: string;
            /** Versions */
            versions: components["schemas"]["VersionSummary"][];
        };
        /**
         * PromptSummary
         * @description A prompt. `release_version` is what the running release brought; null for prompts that people made.
         */
        PromptSummary: {
            /** Archived At */
            archived_at: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Created By */
            created_by: string;
            /** Description */
            description: string;
            /** Labels */
            labels: components["schemas"]["LabelRead"][];
            /** Language */
            language: string;
            /** Name */
            name: string;
            /** Purpose */
            purpose: string;
            /** Release Version */
            release_version: number | null;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** Updated By */
            updated_by: string;
        };
        /**
         * PromptTest
         * @description A test of one version, or of the one that a label points at. It is a real call and counts against budgets.
         */
        PromptTest: {
            /** Label */
            label?: string | null;
            /**
             * Max Output Tokens
             * @default 512
             */
            max_output_tokens: number;
            /**
             * Variables
             * @default {}
             * @example {
             *       "question": "Quando?"
             *     }
             */
            variables: {
                [key: string]: string | number | components["schemas"]["PassageValue"][] | null;
            };
            /** Version */
            version?: number | null;
        };
        /**
         * PromptTestRead
         * @description What the model answered, what it was sent, and what that used.
         */
        PromptTestRead: {
            /** Estimated */
            estimated: boolean;
            finish_reason: components["schemas"]["FinishReason"];
            /** Input Tokens */
            input_tokens: number;
            /** Model */
            model: string;
            /** Output Tokens */
            output_tokens: number;
            provider: components["schemas"]["ProviderName"];
            /** Seconds */
            seconds: number;
            /** Sha256 */
            sha256: string;
            /** System */
            system: string;
            /** Text */
            text: string;
            /** User */
            user: string | null;
            /** Version */
            version: number;
        };
        /**
         * PromptWrite
         * @description A new prompt with its first version, at which `production` points.
         */
        PromptWrite: {
            /** Body */
            body: string;
            /**
             * Description
             * @default
             */
            description: string;
            /**
             * Language
             * @default pt-BR
             */
            language: string;
            /**
             * Name
             * @example time.resumo_diario
             */
            name: string;
            /**
             * Note
             * @default
             */
            note: string;
            /** @default other */
            purpose: components["schemas"]["Purpose"];
            /**
             * Variables
             * @default []
             */
            variables: components["schemas"]["VariableShape"][];
        };
        /**
         * ProviderName
         * @description `local` answers from rules, skills and quoted passages, without any model.
         * @enum {string}
         */
        ProviderName: "openai" | "openai_compatible" | "anthropic" | "google" | "local";
        /** ProviderRead */
        ProviderRead: {
            /** Configured */
            configured: boolean;
            name: components["schemas"]["ProviderName"];
        };
        /**
         * Purpose
         * @description `CallContext.purpose`. A new kind of call gets a line here.
         * @enum {string}
         */
        Purpose: "text.process" | "text.summarize" | "text.qa" | "text.batch" | "rag.answer" | "rag.evidence_check" | "embed.question" | "embed.passages" | "prompt.test" | "other";
        /**
         * QaRequest
         * @description A question that the text may answer.
         */
        QaRequest: {
            /**
             * Question
             * @example Quando o arquivo é publicado?
             */
            question: string;
            /**
             * Text
             * @description The text, as data: never orders.
             */
            text: string;
        };
        Question: string;
        /**
         * QuoteRead
         * @description A part of the text: `text[start:end]` in characters, as it is written there.
         */
        QuoteRead: {
            /** End */
            end: number;
            /** Start */
            start: number;
            /** Text */
            text: string;
        };
        /**
         * Reason
         * @description Why the passages do or do not hold an answer.
         * @enum {string}
         */
        Reason: "supported" | "nothing_found" | "unknown_words" | "weak_match";
        /**
         * Refreshed
         * @description What became of the product's own documents, and how many addresses are being asked.
         */
        Refreshed: {
            /** Asked */
            asked: number;
            product: components["schemas"]["Synced"];
        };
        /**
         * RefreshRequest
         * @description Which sources to ask for news.
         */
        RefreshRequest: {
            /**
             * Sources
             * @default [
             *       "product",
             *       "web"
             *     ]
             */
            sources: ("product" | "web")[];
        };
        /**
         * Rollback
         * @description Why a move is undone.
         */
        Rollback: {
            /**
             * Note
             * @default
             * @example A versão 4 esquece os valores.
             */
            note: string;
        };
        /**
         * ScoresRead
         * @description What the order comes from: BM25, cosine similarity, and the score after fusion and reranking.
         */
        ScoresRead: {
            /** Dense */
            dense: number | null;
            /** Final */
            final: number;
            /** Lexical */
            lexical: number | null;
        };
        /**
         * SearchFilters
         * @description Which documents may answer; nothing named means all that the caller may read.
         */
        SearchFilters: {
            /** Collection */
            collection?: string | null;
            /** Document Ids */
            document_ids?: string[];
            /** Source Kinds */
            source_kinds?: string[];
            /**
             * Tags
             * @description Every one must be on the document.
             */
            tags?: string[];
        };
        /**
         * SearchRead
         * @description The nearest passages, best first, and whether they hold an answer.
         */
        SearchRead: {
            evidence: components["schemas"]["EvidenceRead"];
            /** Hits */
            hits: components["schemas"]["HitRead"][];
        };
        /**
         * SearchRequest
         * @description A question in the asker's words.
         * @example {
         *       "explain": true,
         *       "limit": 5,
         *       "question": "Qual o prazo de envio do informe diário?"
         *     }
         */
        SearchRequest: {
            /**
             * Explain
             * @description Show each leg's score.
             * @default false
             */
            explain: boolean;
            /**
             * @default {
             *       "tags": [],
             *       "source_kinds": [],
             *       "document_ids": []
             *     }
             */
            filters: components["schemas"]["SearchFilters"];
            /**
             * Limit
             * @default 10
             */
            limit: number;
            question: components["schemas"]["Question"];
        };
        /**
         * SourceKind
         * @description Where a document comes from. `product` is Rotina itself: runbooks, routines, errors of executions.
         * @enum {string}
         */
        SourceKind: "upload" | "text" | "folder" | "url" | "api" | "product";
        /**
         * SourceRead
         * @description A passage that was found, whether or not the answer quotes it.
         */
        SourceRead: {
            /** Chunk Id */
            chunk_id: number;
            /**
             * Document Id
             * Format: uuid
             */
            document_id: string;
            /** Excerpt */
            excerpt: string;
            /** Heading */
            heading: string;
            /** Page */
            page: number | null;
            /** Score */
            score: number;
            /** Title */
            title: string;
            /** Version */
            version: number;
        };
        /**
         * SpaceCreate
         * @description A model whose vectors shall replace the live ones, once every passage has one.
         * @example {
         *       "dense_weight": 0.4,
         *       "dimensions": 384,
         *       "model": "multilingual-e5-small",
         *       "passage_prefix": "passage: ",
         *       "provider": "openai_compatible",
         *       "query_prefix": "query: "
         *     }
         */
        SpaceCreate: {
            /** Dense Weight */
            dense_weight?: number | null;
            /** Dimensions */
            dimensions?: number | null;
            /** Model */
            model?: string | null;
            /**
             * Passage Prefix
             * @default
             */
            passage_prefix: string;
            /**
             * Provider
             * @enum {string}
             */
            provider: "local" | "openai" | "openai_compatible";
            /**
             * Query Prefix
             * @default
             */
            query_prefix: string;
        };
        /** SpaceProgress */
        SpaceProgress: {
            /** Missing */
            missing: number;
            /** Passages */
            passages: number;
            /** Unindexed */
            unindexed: number;
            /** Vectors */
            vectors: number;
        };
        /** SpaceRead */
        SpaceRead: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Dense Weight */
            dense_weight: number;
            /** Dimensions */
            dimensions: number;
            /** Error Code */
            error_code: string | null;
            /** Id */
            id: number;
            /** Live At */
            live_at: string | null;
            /** Model */
            model: string;
            /** Passage Prefix */
            passage_prefix: string;
            progress: components["schemas"]["SpaceProgress"];
            /** Provider */
            provider: string;
            /** Query Prefix */
            query_prefix: string;
            /** Retired At */
            retired_at: string | null;
            /**
             * State
             * @enum {string}
             */
            state: "building" | "live" | "retired";
        };
        /**
         * Spent
         * @description What a subject has used in the running period, and what is set aside for calls that are being made.
         */
        Spent: {
            /** Calls */
            calls: number;
            /** Reserved Tokens */
            reserved_tokens: number;
            /** Reserved Usd */
            reserved_usd: string;
            /** Subject */
            subject: string;
            /** Used Tokens */
            used_tokens: number;
            /** Used Usd */
            used_usd: string;
        };
        /**
         * Status
         * @description INDEXING: there is work to do, the version before it goes on answering. FAILED: nothing to answer from.
         * @enum {string}
         */
        Status: "INDEXING" | "READY" | "FAILED";
        /**
         * SubjectKind
         * @description Whose calls a budget is about.
         * @enum {string}
         */
        SubjectKind: "everything" | "user" | "api_key" | "team" | "agent";
        /**
         * SummarizeRequest
         * @description A text to be summed up.
         */
        SummarizeRequest: {
            /**
             * Focus
             * @description What matters to whoever asks.
             * @default
             * @example prazos e valores
             */
            focus: string;
            /**
             * Language
             * @default pt-BR
             * @enum {string}
             */
            language: "pt-BR" | "en" | "es";
            /**
             * Length
             * @default medium
             * @enum {string}
             */
            length: "short" | "medium" | "long";
            /**
             * Style
             * @default paragraph
             * @enum {string}
             */
            style: "paragraph" | "bullets" | "one_line";
            /**
             * Text
             * @description The text, as data: never orders.
             */
            text: string;
        };
        /**
         * SummaryRead
         * @description A summary. Sentences of `extractive_parts` of the `parts` were taken from the text, word for word.
         */
        SummaryRead: {
            calls: components["schemas"]["CallsRead"];
            /** Extractive Parts */
            extractive_parts: number;
            /** Language */
            language: string;
            /** Parts */
            parts: number;
            /**
             * Style
             * @enum {string}
             */
            style: "paragraph" | "bullets" | "one_line";
            /** Summary */
            summary: string;
        };
        /**
         * Synced
         * @description What a source had: documents by what became of them. `skipped` files are of kinds that cannot be read.
         */
        Synced: {
            /** Created */
            created: number;
            /** Removed */
            removed: number;
            /** Skipped */
            skipped: number;
            /** Unchanged */
            unchanged: number;
            /** Updated */
            updated: number;
        };
        /**
         * TaskError
         * @description Why a task or an item failed; `code` is stable.
         */
        TaskError: {
            /** Code */
            code: string;
            /** Message */
            message: string;
        };
        /**
         * TaskRead
         * @description A task with what came out of it; of a batch, the sum. Its items have their own page.
         */
        TaskRead: {
            /** Attempts */
            attempts: number;
            /** Cancel Requested */
            cancel_requested: boolean;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            error: components["schemas"]["TaskError"] | null;
            /** Expires At */
            expires_at: string | null;
            /** Finished At */
            finished_at: string | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Items Done */
            items_done: number;
            /** Items Failed */
            items_failed: number;
            /** Items Total */
            items_total: number;
            /** Kind */
            kind: string;
            /** Owner */
            owner: string;
            /** Progress */
            progress: number;
            /** Result */
            result: {
                [key: string]: unknown;
            } | null;
            /** Started At */
            started_at: string | null;
            status: components["schemas"]["TaskStatus"];
        };
        /**
         * TasksErased
         * @description How many tasks of a person were removed, with their texts and results.
         */
        TasksErased: {
            /** Owner */
            owner: string;
            /** Tasks */
            tasks: number;
        };
        /**
         * TaskStatus
         * @enum {string}
         */
        TaskStatus: "PENDING" | "RUNNING" | "SUCCEEDED" | "FAILED" | "CANCELLED";
        /**
         * TaskSummary
         * @description A task without its texts. `progress` runs from 0 to 1; a batch has `items_total` items, others none.
         */
        TaskSummary: {
            /** Attempts */
            attempts: number;
            /** Cancel Requested */
            cancel_requested: boolean;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            error: components["schemas"]["TaskError"] | null;
            /** Expires At */
            expires_at: string | null;
            /** Finished At */
            finished_at: string | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Items Done */
            items_done: number;
            /** Items Failed */
            items_failed: number;
            /** Items Total */
            items_total: number;
            /** Kind */
            kind: string;
            /** Owner */
            owner: string;
            /** Progress */
            progress: number;
            /** Started At */
            started_at: string | null;
            status: components["schemas"]["TaskStatus"];
        };
        /**
         * TextAnswerRead
         * @description An answer with quotes that stand in the text; without any there is no answer.
         */
        TextAnswerRead: {
            /** Answer */
            answer: string;
            calls: components["schemas"]["CallsRead"];
            /** Failed Parts */
            failed_parts: components["schemas"]["PartProblem"][];
            /** Found */
            found: boolean;
            /** Parts */
            parts: number;
            /** Quotes */
            quotes: components["schemas"]["QuoteRead"][];
        };
        /**
         * TextWrite
         * @description A document that is written here, as Markdown.
         */
        TextWrite: {
            /** @default heading */
            chunking: components["schemas"]["Chunking"];
            /**
             * Collection
             * @description A group of documents, to search in; empty for none.
             * @default
             */
            collection: string;
            /**
             * Key
             * @description Left out: the title.
             */
            key?: string | null;
            /**
             * Readers
             * @description Left out: its owner, or as they are.
             */
            readers?: string[] | null;
            /**
             * Tags
             * @default []
             */
            tags: string[];
            /** Text */
            text: string;
            /** Title */
            title: string;
        };
        /**
         * UrlWrite
         * @description A document that is fetched from an address, and again when its source changed.
         */
        UrlWrite: {
            /** @default heading */
            chunking: components["schemas"]["Chunking"];
            /**
             * Collection
             * @description A group of documents, to search in; empty for none.
             * @default
             */
            collection: string;
            /**
             * Readers
             * @description Left out: its owner, or as they are.
             */
            readers?: string[] | null;
            /**
             * Tags
             * @default []
             */
            tags: string[];
            /**
             * Title
             * @description Left out: what the document calls itself.
             */
            title?: string | null;
            /** Url */
            url: string;
        };
        /**
         * UsageBy
         * @description What usage can be told apart by. A `day` begins at midnight in America/Sao_Paulo.
         * @enum {string}
         */
        UsageBy: "day" | "purpose" | "provider" | "model" | "user" | "api_key" | "team" | "agent" | "prompt" | "outcome";
        /**
         * UsageMeta
         * @description The question, as it was answered. `truncated` when there were more groups than the limit.
         */
        UsageMeta: {
            /**
             * Currency
             * @constant
             */
            currency: "USD";
            /** Group By */
            group_by: components["schemas"]["UsageBy"][];
            /**
             * Since
             * Format: date-time
             */
            since: string;
            /** Truncated */
            truncated: boolean;
            /**
             * Until
             * Format: date-time
             */
            until: string;
            /** User */
            user: string | null;
        };
        /**
         * UsageRow
         * @description What calls with the same `group` used. `group` has one text, or null, for each name that was asked for.
         *
         *     A prompt is told by its name and version. `unpriced_calls` cost money that the books do not know.
         */
        UsageRow: {
            /** Calls */
            calls: number;
            /** Estimated Calls */
            estimated_calls: number;
            /** Failed Calls */
            failed_calls: number;
            /** Group */
            group: {
                [key: string]: string | null;
            };
            /** Input Tokens */
            input_tokens: number;
            /** Output Tokens */
            output_tokens: number;
            /** Seconds */
            seconds: number;
            /** Unpriced Calls */
            unpriced_calls: number;
            /** Usd */
            usd: string;
        };
        /**
         * VariableRead
         * @description A hole in a prompt.
         */
        VariableRead: {
            /** Description */
            description: string;
            /** Name */
            name: string;
            /** Required */
            required: boolean;
            type: components["schemas"]["VariableType"];
        };
        /**
         * VariableShape
         * @description A hole in a prompt, written `{{name}}`.
         *
         *     `text` is inserted as it is. `fenced` and `fenced_list` stand between lines that the text itself cannot forge: use
         *     them for whatever comes from documents or from people who are not asking.
         */
        VariableShape: {
            /**
             * Description
             * @default
             */
            description: string;
            /**
             * Name
             * @example question
             */
            name: string;
            /**
             * Required
             * @default true
             */
            required: boolean;
            type: components["schemas"]["VariableType"];
        };
        /**
         * VariableType
         * @description `text` is inserted as it is; `fenced` and `fenced_list` are for text that comes from documents or people.
         * @enum {string}
         */
        VariableType: "text" | "integer" | "fenced" | "fenced_list";
        /**
         * VersionRead
         * @description A version. It never changes.
         */
        VersionRead: {
            /** Body */
            body: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Created By */
            created_by: string;
            /** Note */
            note: string;
            /** Number */
            number: number;
            origin: components["schemas"]["Origin"];
            /** Sha256 */
            sha256: string;
            /** Variables */
            variables: components["schemas"]["VariableRead"][];
        };
        /**
         * VersionSummary
         * @description A version without its text.
         */
        VersionSummary: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Created By */
            created_by: string;
            /** Note */
            note: string;
            /** Number */
            number: number;
            origin: components["schemas"]["Origin"];
            /** Sha256 */
            sha256: string;
        };
        /**
         * VersionWrite
         * @description A new version. Without `variables` it has those of the newest version.
         */
        VersionWrite: {
            /**
             * Body
             * @description The text; above a line `--- user ---` are the rules, below it the user's message.
             * @example Resuma em português do Brasil, em {{max_words}} palavras.
             *     --- user ---
             *     {{text}}
             */
            body: string;
            /**
             * Note
             * @description Why, for whoever reads the history.
             * @default
             */
            note: string;
            /** Variables */
            variables?: components["schemas"]["VariableShape"][] | null;
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
    budgets_list_budgets: {
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
                    "application/json": components["schemas"]["ApiResponse_list_BudgetRead__NoneType_"];
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
    budgets_create_budget: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BudgetWrite"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_BudgetRead_NoneType_"];
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
            /** @description `BUDGET_NAME_TAKEN` */
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
    budgets_get_budget: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                budget_id: string;
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
                    "application/json": components["schemas"]["ApiResponse_BudgetRead_NoneType_"];
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
            /** @description `BUDGET_NOT_FOUND` */
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
    budgets_update_budget: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the version that the change is based on. */
                "If-Match"?: string | null;
            };
            path: {
                budget_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BudgetWrite"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_BudgetRead_NoneType_"];
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
            /** @description `BUDGET_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `BUDGET_NAME_TAKEN` */
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
    budgets_delete_budget: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                budget_id: string;
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
            /** @description `BUDGET_NOT_FOUND` */
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
    budgets_list_my_budgets: {
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
                    "application/json": components["schemas"]["ApiResponse_list_BudgetMine__NoneType_"];
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
    episodes_list_episodes: {
        parameters: {
            query?: {
                /** @description `meta.next_cursor` of the page before; empty for the first page. */
                cursor?: string | null;
                /** @description Only events of this type. */
                event_type?: components["schemas"]["EpisodeType"] | null;
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
                    "application/json": components["schemas"]["ApiResponse_list_EpisodeRead__CursorMeta_"];
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
    budgets_list_prices: {
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
                    "application/json": components["schemas"]["ApiResponse_list_PriceRead__NoneType_"];
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
    budgets_create_price: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PriceWrite"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_PriceRead_NoneType_"];
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
            /** @description `PRICE_TAKEN` */
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
    budgets_delete_price: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                price_id: string;
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
            /** @description `PRICE_NOT_FOUND` */
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
    prompts_list_prompts: {
        parameters: {
            query?: {
                /** @description Those that are out of use instead. */
                archived?: boolean;
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
                    "application/json": components["schemas"]["ApiResponse_list_PromptSummary__CursorMeta_"];
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
    prompts_create_prompt: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PromptWrite"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_PromptRead_NoneType_"];
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
            /** @description `PROMPT_NAME_TAKEN` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `PROMPT_INVALID` */
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
    prompts_get_prompt: {
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
                    "application/json": components["schemas"]["ApiResponse_PromptRead_NoneType_"];
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
            /** @description `PROMPT_NOT_FOUND` */
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
    prompts_update_prompt: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the version that the change is based on. */
                "If-Match"?: string | null;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PromptDescribe"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_PromptRead_NoneType_"];
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
            /** @description `PROMPT_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `PROMPT_BUILT_IN` */
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
    prompts_archive_prompt: {
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
            /** @description `PROMPT_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `PROMPT_BUILT_IN` */
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
    prompts_diff_prompt_versions: {
        parameters: {
            query: {
                from: number;
                to: number;
            };
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
                    "application/json": components["schemas"]["ApiResponse_PromptDiff_NoneType_"];
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
            /** @description `PROMPT_NOT_FOUND` or `PROMPT_VERSION_NOT_FOUND` */
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
    prompts_move_prompt_label: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the version that the change is based on. */
                "If-Match"?: string | null;
            };
            path: {
                label: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LabelMove"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_PromptRead_NoneType_"];
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
            /** @description `PROMPT_NOT_FOUND` or `PROMPT_VERSION_NOT_FOUND` */
            404: {
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
            /** @description `PROMPT_INVALID` */
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
    prompts_rollback_prompt_label: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the version that the change is based on. */
                "If-Match"?: string | null;
            };
            path: {
                label: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Rollback"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_PromptRead_NoneType_"];
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
            /** @description `PROMPT_LABEL_NOT_FOUND` or `PROMPT_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `PROMPT_NOTHING_BEFORE` */
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
    prompts_restore_prompt: {
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
                    "application/json": components["schemas"]["ApiResponse_PromptRead_NoneType_"];
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
            /** @description `PROMPT_NOT_FOUND` */
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
    prompts_test_prompt: {
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
                "application/json": components["schemas"]["PromptTest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_PromptTestRead_NoneType_"];
                };
            };
            /** @description `MODEL_REFUSED` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
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
            /** @description `PROMPT_LABEL_NOT_FOUND` or `PROMPT_NOT_FOUND` or `PROMPT_VERSION_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `PROMPT_VARIABLES` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `BUDGET_EXCEEDED` or `MODEL_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `MODEL_UNAVAILABLE` */
            503: {
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
    prompts_create_prompt_version: {
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
                "application/json": components["schemas"]["VersionWrite"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_VersionRead_NoneType_"];
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
            /** @description `PROMPT_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `PROMPT_VERSION_EXISTS` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `PROMPT_INVALID` */
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
    prompts_get_prompt_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                number: number;
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
                    "application/json": components["schemas"]["ApiResponse_VersionRead_NoneType_"];
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
            /** @description `PROMPT_NOT_FOUND` or `PROMPT_VERSION_NOT_FOUND` */
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
    ai_status: {
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
                    "application/json": components["schemas"]["ApiResponse_AiStatus_NoneType_"];
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
    tasks_list_tasks: {
        parameters: {
            query?: {
                /** @description `meta.next_cursor` of the page before; empty for the first page. */
                cursor?: string | null;
                /** @description Only of this kind. */
                kind?: string | null;
                /** @description Rows per page. */
                limit?: number;
                /** @description Administrators: only this person's. */
                owner?: string | null;
                /** @description Only with this status. */
                status?: components["schemas"]["TaskStatus"] | null;
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
                    "application/json": components["schemas"]["ApiResponse_list_TaskSummary__CursorMeta_"];
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
    tasks_erase_tasks: {
        parameters: {
            query: {
                /** @description The person's subject. */
                owner: string;
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
                    "application/json": components["schemas"]["ApiResponse_TasksErased_NoneType_"];
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
    tasks_get_task: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                task_id: string;
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
                    "application/json": components["schemas"]["ApiResponse_TaskRead_NoneType_"];
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
            /** @description `TASK_NOT_FOUND` */
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
    tasks_cancel_task: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                task_id: string;
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
                    "application/json": components["schemas"]["ApiResponse_TaskRead_NoneType_"];
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
            /** @description `TASK_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `TASK_IS_OVER` */
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
    tasks_list_task_items: {
        parameters: {
            query?: {
                /** @description `meta.next_cursor` of the page before; empty for the first page. */
                cursor?: string | null;
                /** @description Rows per page. */
                limit?: number;
            };
            header?: never;
            path: {
                task_id: string;
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
                    "application/json": components["schemas"]["ApiResponse_list_ItemRead__CursorMeta_"];
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
            /** @description `TASK_NOT_FOUND` */
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
    text_batch_texts: {
        parameters: {
            query?: never;
            header?: {
                /** @description Repeating a request with its key gives the same task and does nothing twice. Kept as the task is. */
                "Idempotency-Key"?: string | null;
                /** @description `respond-async`: a task at once, however small it is. */
                Prefer?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BatchRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_BatchRead_NoneType_"];
                };
            };
            /** @description It takes long: a task, at the address in `Location`. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_TaskRead_NoneType_"];
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
            /** @description `MODEL_REQUIRED` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `ANSWER_SCHEMA_INVALID` or `IDEMPOTENCY_KEY_REUSED` or `TEXT_TOO_LONG` or `TOO_MANY_ITEMS` */
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
    text_process_text: {
        parameters: {
            query?: never;
            header?: {
                /** @description Repeating a request with its key gives the same task and does nothing twice. Kept as the task is. */
                "Idempotency-Key"?: string | null;
                /** @description `respond-async`: a task at once, however small it is. */
                Prefer?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProcessRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_ProcessRead_NoneType_"];
                };
            };
            /** @description It takes long: a task, at the address in `Location`. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_TaskRead_NoneType_"];
                };
            };
            /** @description `MODEL_REFUSED` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
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
            /** @description `MODEL_REQUIRED` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `ANSWER_SCHEMA_INVALID` or `IDEMPOTENCY_KEY_REUSED` or `TEXT_TOO_LONG` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `BUDGET_EXCEEDED` or `MODEL_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `ANSWER_UNFIT` or `MODEL_FAILED` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `MODEL_UNAVAILABLE` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `MODEL_TIMED_OUT` */
            504: {
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
    text_ask_text: {
        parameters: {
            query?: never;
            header?: {
                /** @description Repeating a request with its key gives the same task and does nothing twice. Kept as the task is. */
                "Idempotency-Key"?: string | null;
                /** @description `respond-async`: a task at once, however small it is. */
                Prefer?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["QaRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_TextAnswerRead_NoneType_"];
                };
            };
            /** @description It takes long: a task, at the address in `Location`. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_TaskRead_NoneType_"];
                };
            };
            /** @description `MODEL_REFUSED` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
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
            /** @description `IDEMPOTENCY_KEY_REUSED` or `TEXT_TOO_LONG` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `BUDGET_EXCEEDED` or `MODEL_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `ANSWER_UNFIT` or `MODEL_FAILED` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `MODEL_UNAVAILABLE` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `MODEL_TIMED_OUT` */
            504: {
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
    text_summarize_text: {
        parameters: {
            query?: never;
            header?: {
                /** @description Repeating a request with its key gives the same task and does nothing twice. Kept as the task is. */
                "Idempotency-Key"?: string | null;
                /** @description `respond-async`: a task at once, however small it is. */
                Prefer?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SummarizeRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_SummaryRead_NoneType_"];
                };
            };
            /** @description It takes long: a task, at the address in `Location`. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_TaskRead_NoneType_"];
                };
            };
            /** @description `MODEL_REFUSED` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
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
            /** @description `IDEMPOTENCY_KEY_REUSED` or `TEXT_TOO_LONG` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `BUDGET_EXCEEDED` or `MODEL_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `MODEL_FAILED` */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `MODEL_UNAVAILABLE` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `MODEL_TIMED_OUT` */
            504: {
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
    usage_read_usage: {
        parameters: {
            query?: {
                /** @description Left out: 30 days before `to`. */
                from?: string | null;
                /** @description Up to three; none for one sum. */
                group_by?: components["schemas"]["UsageBy"][];
                /** @description Left out: now. */
                to?: string | null;
                /** @description Only this user's calls. */
                user?: string | null;
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
                    "application/json": components["schemas"]["ApiResponse_list_UsageRow__UsageMeta_"];
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
            /** @description `FORBIDDEN` or `USAGE_OF_OTHERS` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `USAGE_RANGE` */
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
    rag_ask: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AskRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_AnswerRead_NoneType_"];
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
    rag_stop: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: string;
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
            /** @description `RUN_NOT_FOUND` */
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
    rag_resume: {
        parameters: {
            query?: never;
            header?: {
                /** @description The id of the last event that was received. */
                "Last-Event-ID"?: string | null;
            };
            path: {
                run_id: string;
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
            /** @description `RUN_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `EVENT_POSITION_INVALID` */
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
    rag_ask_stream: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AskRequest"];
            };
        };
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
    documents_list_documents: {
        parameters: {
            query?: {
                /** @description Only of this collection. */
                collection?: string | null;
                /** @description `meta.next_cursor` of the page before; empty for the first page. */
                cursor?: string | null;
                /** @description Rows per page. */
                limit?: number;
                /** @description Only from this kind of source. */
                source?: components["schemas"]["SourceKind"] | null;
                /** @description Only with this status. */
                status?: components["schemas"]["Status"] | null;
                /** @description Only with all of these tags. */
                tag?: string[] | null;
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
                    "application/json": components["schemas"]["ApiResponse_list_DocumentRead__CursorMeta_"];
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
    documents_upload_document: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** @default heading */
                    chunking?: components["schemas"]["Chunking"];
                    /**
                     * Collection
                     * @description A group of documents, to search in; empty for none.
                     * @default
                     */
                    collection?: string;
                    /** Format: binary */
                    file: string;
                    /**
                     * Key
                     * @description Left out: the collection and the file's name.
                     */
                    key?: string | null;
                    /**
                     * Readers
                     * @description Left out: its owner, or as they are.
                     */
                    readers?: string[] | null;
                    /**
                     * Tags
                     * @default []
                     */
                    tags?: string[];
                    /**
                     * Title
                     * @description Left out: what the document calls itself.
                     */
                    title?: string | null;
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
                    "application/json": components["schemas"]["ApiResponse_DocumentAdded_NoneType_"];
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
            /** @description `DOCUMENT_TOO_LARGE` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `UPLOAD_INCOMPLETE` */
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
    documents_get_document: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                document_id: string;
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
                    "application/json": components["schemas"]["ApiResponse_DocumentRead_NoneType_"];
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
            /** @description `DOCUMENT_NOT_FOUND` */
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
    documents_delete_document: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                document_id: string;
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
            /** @description `DOCUMENT_NOT_YOURS` or `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `DOCUMENT_NOT_FOUND` */
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
    documents_set_document_access: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                document_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccessWrite"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_DocumentRead_NoneType_"];
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
            /** @description `DOCUMENT_NOT_YOURS` or `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `DOCUMENT_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `READERS_INVALID` */
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
    documents_list_document_chunks: {
        parameters: {
            query?: {
                /** @description `meta.next_cursor` of the page before; empty for the first page. */
                cursor?: string | null;
                /** @description Rows per page. */
                limit?: number;
            };
            header?: never;
            path: {
                document_id: string;
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
                    "application/json": components["schemas"]["ApiResponse_list_ChunkRead__CursorMeta_"];
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
            /** @description `DOCUMENT_NOT_READABLE` or `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `DOCUMENT_NOT_FOUND` */
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
    documents_reindex_document: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                document_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_DocumentRead_NoneType_"];
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
            /** @description `DOCUMENT_NOT_YOURS` or `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `DOCUMENT_NOT_FOUND` */
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
    documents_add_documents_of_folder: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FolderWrite"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_Synced_NoneType_"];
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
            /** @description `SOURCE_GONE` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `SOURCE_FOLDER_NOT_ALLOWED` or `SOURCE_FOLDER_TOO_LARGE` */
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
    documents_refresh_documents: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RefreshRequest"] | null;
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_Refreshed_NoneType_"];
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
    documents_write_document: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TextWrite"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_DocumentAdded_NoneType_"];
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
            /** @description `READERS_INVALID` */
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
    documents_add_document_from_url: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UrlWrite"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_DocumentAdded_NoneType_"];
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
            /** @description `ADDRESS_NOT_ALLOWED` */
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
    documents_erase_person: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                subject: string;
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
                    "application/json": components["schemas"]["ApiResponse_Erased_NoneType_"];
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
    search_search_documents: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SearchRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_SearchRead_NoneType_"];
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
    "embedding spaces_list_spaces": {
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
                    "application/json": components["schemas"]["ApiResponse_list_SpaceRead__NoneType_"];
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
    "embedding spaces_start_space": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SpaceCreate"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiResponse_SpaceRead_NoneType_"];
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
            /** @description `SPACE_CONFLICT` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `EMBEDDING_MODEL_REFUSED` */
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
    "embedding spaces_get_space": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                space_id: number;
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
                    "application/json": components["schemas"]["ApiResponse_SpaceRead_NoneType_"];
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
            /** @description `SPACE_NOT_FOUND` */
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
    "embedding spaces_remove_space": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                space_id: number;
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
            /** @description `SPACE_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `SPACE_CONFLICT` */
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
    "embedding spaces_let_space_go_live": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                space_id: number;
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
                    "application/json": components["schemas"]["ApiResponse_SpaceRead_NoneType_"];
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
            /** @description `SPACE_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
            /** @description `SPACE_CONFLICT` */
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
}
