CREATE TABLE `access_tokens` (
	`token_hash` text PRIMARY KEY NOT NULL,
	`issuer` text NOT NULL,
	`sealed_grant` text NOT NULL,
	`jkt` text,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `access_tokens_expiry` ON `access_tokens` (`expires_at`);--> statement-breakpoint
CREATE TABLE `credential_offers` (
	`id_hash` text PRIMARY KEY NOT NULL,
	`issuer` text NOT NULL,
	`sealed_offer` text NOT NULL,
	`code_hash` text NOT NULL,
	`sealed_grant` text NOT NULL,
	`tx_code_hash` text,
	`wrong_tx_codes` integer DEFAULT 0 NOT NULL,
	`expires_at` integer NOT NULL,
	`redeemed_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `credential_offers_code` ON `credential_offers` (`code_hash`);--> statement-breakpoint
CREATE INDEX `credential_offers_expiry` ON `credential_offers` (`expires_at`);--> statement-breakpoint
CREATE TABLE `issuances` (
	`status_list` text NOT NULL,
	`idx` integer NOT NULL,
	`issuer` text NOT NULL,
	`credential_configuration_id` text NOT NULL,
	`credential_hash` text NOT NULL,
	`issued_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	PRIMARY KEY(`status_list`, `idx`),
	FOREIGN KEY (`status_list`) REFERENCES `status_lists`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `nonces` (
	`value` text PRIMARY KEY NOT NULL,
	`issuer` text NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer
);
--> statement-breakpoint
CREATE INDEX `nonces_expiry` ON `nonces` (`expires_at`);--> statement-breakpoint
CREATE TABLE `seen_proofs` (
	`proof_hash` text PRIMARY KEY NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `seen_proofs_expiry` ON `seen_proofs` (`expires_at`);--> statement-breakpoint
CREATE TABLE `credential_status_events` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`status_list` text NOT NULL,
	`idx` integer NOT NULL,
	`status` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `credential_status_events_of_credential` ON `credential_status_events` (`status_list`,`idx`);--> statement-breakpoint
CREATE TABLE `status_lists` (
	`id` text PRIMARY KEY NOT NULL,
	`issuer` text NOT NULL,
	`number` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `status_lists_of_issuer` ON `status_lists` (`issuer`,`number`);--> statement-breakpoint
CREATE TABLE `wrapped_keys` (
	`kid` text PRIMARY KEY NOT NULL,
	`box` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `relying_party_keys` (
	`key_hash` text PRIMARY KEY NOT NULL,
	`relying_party` text NOT NULL,
	`public_jwk` text NOT NULL,
	`created_at` integer NOT NULL,
	`revoked_at` integer
);
--> statement-breakpoint
CREATE INDEX `relying_party_keys_of_relying_party` ON `relying_party_keys` (`relying_party`);--> statement-breakpoint
CREATE TABLE `presentation_transactions` (
	`id` text PRIMARY KEY NOT NULL,
	`handle` text NOT NULL,
	`relying_party` text NOT NULL,
	`purpose` text NOT NULL,
	`status` text NOT NULL,
	`query` text NOT NULL,
	`issuers` text,
	`client_name` text NOT NULL,
	`client_id` text NOT NULL,
	`authorization_request` text NOT NULL,
	`nonce` text NOT NULL,
	`state` text NOT NULL,
	`redirect_uri` text,
	`encryption_secret` text,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`decided_at` integer,
	`report` text,
	`receipt` text,
	`result` text,
	`result_expires_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `presentation_transactions_handle` ON `presentation_transactions` (`handle`);--> statement-breakpoint
CREATE INDEX `presentation_transactions_expiry` ON `presentation_transactions` (`expires_at`);--> statement-breakpoint
CREATE INDEX `presentation_transactions_result_expiry` ON `presentation_transactions` (`result_expires_at`);--> statement-breakpoint
CREATE TABLE `authorization_version` (
	`id` text NOT NULL,
	`version` integer NOT NULL,
	`authority` text NOT NULL,
	`subject` text NOT NULL,
	`action` text NOT NULL,
	`resource` text NOT NULL,
	`max_proofing` text,
	`max_authn` text,
	`claims` text,
	`valid_from` integer NOT NULL,
	`valid_to` integer,
	`position` integer NOT NULL,
	PRIMARY KEY(`id`, `version`),
	FOREIGN KEY (`authority`) REFERENCES `entity`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`subject`) REFERENCES `entity`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`position`) REFERENCES `ledger`(`position`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "authorization_version_action" CHECK("authorization_version"."action" IN ('issue', 'request')),
	CONSTRAINT "authorization_version_proofing" CHECK("authorization_version"."max_proofing" IN ('low', 'substantial', 'high')),
	CONSTRAINT "authorization_version_authn" CHECK("authorization_version"."max_authn" IN ('low', 'substantial', 'high')),
	CONSTRAINT "authorization_version_window" CHECK("authorization_version"."valid_to" IS NULL OR "authorization_version"."valid_to" > "authorization_version"."valid_from")
);
--> statement-breakpoint
CREATE INDEX `authorization_version_asked` ON `authorization_version` (`subject`,`action`,`resource`);--> statement-breakpoint
CREATE TABLE `entity` (
	`id` text PRIMARY KEY NOT NULL,
	`country` text NOT NULL,
	`role` text NOT NULL,
	`name` text NOT NULL,
	`redirect_uris` text,
	`position` integer NOT NULL,
	FOREIGN KEY (`position`) REFERENCES `ledger`(`position`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "entity_country" CHECK("entity"."country" GLOB '[A-Z][A-Z]'),
	CONSTRAINT "entity_role" CHECK("entity"."role" IN ('authority', 'issuer', 'relying_party', 'wallet_provider'))
);
--> statement-breakpoint
CREATE TABLE `jurisdiction` (
	`country` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`bloc` text NOT NULL,
	`levels` text NOT NULL,
	`position` integer NOT NULL,
	FOREIGN KEY (`position`) REFERENCES `ledger`(`position`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "jurisdiction_country" CHECK("jurisdiction"."country" GLOB '[A-Z][A-Z]'),
	CONSTRAINT "jurisdiction_bloc" CHECK("jurisdiction"."bloc" IN ('ASEAN', 'partner'))
);
--> statement-breakpoint
CREATE TABLE `ledger` (
	`position` integer PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`actor` text NOT NULL,
	`recorded_at` integer NOT NULL,
	`leaf` text NOT NULL,
	`leaf_hash` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `ledger_blob` (
	`position` integer NOT NULL,
	`piece` integer NOT NULL,
	`sha256` text NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`position`, `piece`),
	FOREIGN KEY (`position`) REFERENCES `ledger`(`position`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `ledger_blob_sha256` ON `ledger_blob` (`sha256`);--> statement-breakpoint
CREATE TABLE `purpose_version` (
	`code` text NOT NULL,
	`version` integer NOT NULL,
	`title` text NOT NULL,
	`claims` text NOT NULL,
	`min_proofing` text,
	`min_authn` text,
	`legal_bases` text NOT NULL,
	`retention_days` integer NOT NULL,
	`position` integer NOT NULL,
	PRIMARY KEY(`code`, `version`),
	FOREIGN KEY (`position`) REFERENCES `ledger`(`position`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "purpose_version_proofing" CHECK("purpose_version"."min_proofing" IN ('low', 'substantial', 'high')),
	CONSTRAINT "purpose_version_authn" CHECK("purpose_version"."min_authn" IN ('low', 'substantial', 'high')),
	CONSTRAINT "purpose_version_retention" CHECK("purpose_version"."retention_days" >= 0)
);
--> statement-breakpoint
CREATE TABLE `recognition_version` (
	`id` text NOT NULL,
	`version` integer NOT NULL,
	`recogniser` text NOT NULL,
	`recognised` text NOT NULL,
	`credential_types` text NOT NULL,
	`purposes` text NOT NULL,
	`levels` text NOT NULL,
	`max_proofing` text NOT NULL,
	`max_authn` text NOT NULL,
	`transfer_bases` text NOT NULL,
	`legal_basis` text NOT NULL,
	`agreement` text NOT NULL,
	`valid_from` integer NOT NULL,
	`valid_to` integer,
	`position` integer NOT NULL,
	PRIMARY KEY(`id`, `version`),
	FOREIGN KEY (`recogniser`) REFERENCES `jurisdiction`(`country`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`recognised`) REFERENCES `jurisdiction`(`country`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`position`) REFERENCES `ledger`(`position`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "recognition_version_foreign" CHECK("recognition_version"."recogniser" <> "recognition_version"."recognised"),
	CONSTRAINT "recognition_version_proofing" CHECK("recognition_version"."max_proofing" IN ('low', 'substantial', 'high')),
	CONSTRAINT "recognition_version_authn" CHECK("recognition_version"."max_authn" IN ('low', 'substantial', 'high')),
	CONSTRAINT "recognition_version_window" CHECK("recognition_version"."valid_to" IS NULL OR "recognition_version"."valid_to" > "recognition_version"."valid_from")
);
--> statement-breakpoint
CREATE INDEX `recognition_version_pair` ON `recognition_version` (`recogniser`,`recognised`);--> statement-breakpoint
CREATE TABLE `status_event` (
	`position` integer NOT NULL,
	`target_type` text NOT NULL,
	`target_id` text NOT NULL,
	`status` text NOT NULL,
	`effective_from` integer NOT NULL,
	`reason` text NOT NULL,
	PRIMARY KEY(`position`, `target_type`, `target_id`, `effective_from`),
	FOREIGN KEY (`position`) REFERENCES `ledger`(`position`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "status_event_target" CHECK("status_event"."target_type" IN ('entity', 'trust_anchor', 'authorization', 'recognition')),
	CONSTRAINT "status_event_status" CHECK("status_event"."status" IN ('pending', 'granted', 'suspended', 'withdrawn'))
);
--> statement-breakpoint
CREATE INDEX `status_event_asof` ON `status_event` (`target_type`,`target_id`,`effective_from`);--> statement-breakpoint
CREATE TABLE `trust_anchor` (
	`id` text PRIMARY KEY NOT NULL,
	`entity` text NOT NULL,
	`use` text NOT NULL,
	`certificate` text NOT NULL,
	`valid_from` integer NOT NULL,
	`valid_to` integer,
	`position` integer NOT NULL,
	FOREIGN KEY (`entity`) REFERENCES `entity`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`position`) REFERENCES `ledger`(`position`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "trust_anchor_use" CHECK("trust_anchor"."use" IN ('issuer_ca', 'reader_ca', 'wallet_provider_ca')),
	CONSTRAINT "trust_anchor_window" CHECK("trust_anchor"."valid_to" IS NULL OR "trust_anchor"."valid_to" > "trust_anchor"."valid_from")
);
