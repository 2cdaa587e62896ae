-- SQLite cannot take NOT NULL from a column: the table is made anew. No foreign key leads to it.
CREATE TABLE `__new_presentation_transactions` (
	`id` text PRIMARY KEY NOT NULL,
	`handle` text,
	`client_id` text,
	`state` text,
	`origin` text,
	`relying_party` text NOT NULL,
	`purpose` text NOT NULL,
	`status` text NOT NULL,
	`flow` text DEFAULT 'cross_device' NOT NULL,
	`client_name` text NOT NULL,
	`nonce` text NOT NULL,
	`redirect_uri` text,
	`encryption_secret` text,
	`sealed_request` text,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`decided_at` integer,
	`report` text,
	`receipt` text,
	`response_code_hash` text,
	`response_code_used_at` integer,
	`pending_verdict` text,
	`result` text,
	`result_expires_at` integer
) STRICT;
--> statement-breakpoint
INSERT INTO `__new_presentation_transactions`("id", "handle", "client_id", "state", "relying_party", "purpose", "status", "flow", "client_name", "nonce", "redirect_uri", "encryption_secret", "sealed_request", "created_at", "expires_at", "decided_at", "report", "receipt", "response_code_hash", "response_code_used_at", "pending_verdict", "result", "result_expires_at") SELECT "id", "handle", "client_id", "state", "relying_party", "purpose", "status", "flow", "client_name", "nonce", "redirect_uri", "encryption_secret", "sealed_request", "created_at", "expires_at", "decided_at", "report", "receipt", "response_code_hash", "response_code_used_at", "pending_verdict", "result", "result_expires_at" FROM `presentation_transactions`;--> statement-breakpoint
DROP TABLE `presentation_transactions`;--> statement-breakpoint
ALTER TABLE `__new_presentation_transactions` RENAME TO `presentation_transactions`;--> statement-breakpoint
CREATE UNIQUE INDEX `presentation_transactions_handle` ON `presentation_transactions` (`handle`);--> statement-breakpoint
CREATE INDEX `presentation_transactions_expiry` ON `presentation_transactions` (`expires_at`);--> statement-breakpoint
CREATE INDEX `presentation_transactions_result_expiry` ON `presentation_transactions` (`result_expires_at`);