-- Requests lay here in the clear; none of them lives for more than a day.
DELETE FROM `presentation_transactions`;--> statement-breakpoint
CREATE TABLE `verification_records` (
	`verdict` text NOT NULL,
	`number` integer NOT NULL,
	`recorded_at` integer NOT NULL,
	`at` integer NOT NULL,
	`challenge_by` text NOT NULL,
	`relying_party` text NOT NULL,
	`country` text,
	`purpose` text NOT NULL,
	`issuer` text,
	`issuer_country` text,
	`credential_type` text,
	`recognition` text,
	`proofing` text,
	`authn` text,
	`outcome` text NOT NULL,
	`forget_at` integer NOT NULL,
	PRIMARY KEY(`verdict`, `number`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `verification_records_forget` ON `verification_records` (`forget_at`);--> statement-breakpoint
ALTER TABLE `presentation_transactions` DROP COLUMN `query`;--> statement-breakpoint
ALTER TABLE `presentation_transactions` DROP COLUMN `issuers`;--> statement-breakpoint
ALTER TABLE `presentation_transactions` DROP COLUMN `authorization_request`;--> statement-breakpoint
ALTER TABLE `presentation_transactions` ADD `flow` text DEFAULT 'cross_device' NOT NULL;--> statement-breakpoint
ALTER TABLE `presentation_transactions` ADD `sealed_request` text;--> statement-breakpoint
ALTER TABLE `presentation_transactions` ADD `response_code_hash` text;--> statement-breakpoint
ALTER TABLE `presentation_transactions` ADD `response_code_used_at` integer;--> statement-breakpoint
ALTER TABLE `presentation_transactions` ADD `pending_verdict` text;