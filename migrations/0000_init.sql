CREATE TABLE `access_tokens` (
	`token_hash` text PRIMARY KEY NOT NULL,
	`issuer` text NOT NULL,
	`sealed_grant` text NOT NULL,
	`jkt` text,
	`expires_at` integer NOT NULL
) STRICT;
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
) STRICT;
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
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `seen_proofs` (
	`proof_hash` text PRIMARY KEY NOT NULL,
	`expires_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE INDEX `seen_proofs_expiry` ON `seen_proofs` (`expires_at`);--> statement-breakpoint
CREATE TABLE `credential_status_events` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`status_list` text NOT NULL,
	`idx` integer NOT NULL,
	`status` text NOT NULL,
	`at` integer NOT NULL,
	FOREIGN KEY (`status_list`,`idx`) REFERENCES `issuances`(`status_list`,`idx`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "credential_status_events_id" CHECK("credential_status_events"."id" > 0),
	CONSTRAINT "credential_status_events_status" CHECK("credential_status_events"."status" IN ('valid', 'invalid', 'suspended'))
) STRICT;
--> statement-breakpoint
CREATE INDEX `credential_status_events_of_credential` ON `credential_status_events` (`status_list`,`idx`);--> statement-breakpoint
CREATE TABLE `status_lists` (
	`id` text PRIMARY KEY NOT NULL,
	`issuer` text NOT NULL,
	`number` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `status_lists_of_issuer` ON `status_lists` (`issuer`,`number`);--> statement-breakpoint
CREATE TABLE `wrapped_keys` (
	`kid` text PRIMARY KEY NOT NULL,
	`box` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `relying_party_keys` (
	`key_hash` text PRIMARY KEY NOT NULL,
	`relying_party` text NOT NULL,
	`public_jwk` text NOT NULL,
	`created_at` integer NOT NULL,
	`revoked_at` integer
) STRICT;
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
) STRICT;
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
	CONSTRAINT "authorization_version_claims" CHECK(json_valid("authorization_version"."claims")),
	CONSTRAINT "authorization_version_window" CHECK("authorization_version"."valid_to" IS NULL OR "authorization_version"."valid_to" > "authorization_version"."valid_from")
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `authorization_version_asked` ON `authorization_version` (`subject`,`action`,`resource`);--> statement-breakpoint
CREATE TABLE `entity` (
	`id` text PRIMARY KEY NOT NULL,
	`position` integer NOT NULL,
	FOREIGN KEY (`position`) REFERENCES `ledger`(`position`) ON UPDATE no action ON DELETE no action
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `entity_version` (
	`id` text NOT NULL,
	`version` integer NOT NULL,
	`country` text NOT NULL,
	`role` text NOT NULL,
	`name` text NOT NULL,
	`redirect_uris` text,
	`valid_from` integer NOT NULL,
	`position` integer NOT NULL,
	PRIMARY KEY(`id`, `version`),
	FOREIGN KEY (`id`) REFERENCES `entity`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`position`) REFERENCES `ledger`(`position`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "entity_version_country" CHECK("entity_version"."country" GLOB '[A-Z][A-Z]'),
	CONSTRAINT "entity_version_role" CHECK("entity_version"."role" IN ('authority', 'issuer', 'relying_party', 'wallet_provider')),
	CONSTRAINT "entity_version_name" CHECK(json_valid("entity_version"."name")),
	CONSTRAINT "entity_version_redirect_uris" CHECK(json_valid("entity_version"."redirect_uris"))
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `jurisdiction` (
	`country` text PRIMARY KEY NOT NULL,
	`position` integer NOT NULL,
	FOREIGN KEY (`position`) REFERENCES `ledger`(`position`) ON UPDATE no action ON DELETE no action
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `jurisdiction_version` (
	`country` text NOT NULL,
	`version` integer NOT NULL,
	`name` text NOT NULL,
	`bloc` text NOT NULL,
	`levels` text NOT NULL,
	`valid_from` integer NOT NULL,
	`position` integer NOT NULL,
	PRIMARY KEY(`country`, `version`),
	FOREIGN KEY (`country`) REFERENCES `jurisdiction`(`country`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`position`) REFERENCES `ledger`(`position`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "jurisdiction_version_country" CHECK("jurisdiction_version"."country" GLOB '[A-Z][A-Z]'),
	CONSTRAINT "jurisdiction_version_bloc" CHECK("jurisdiction_version"."bloc" IN ('ASEAN', 'partner')),
	CONSTRAINT "jurisdiction_version_name" CHECK(json_valid("jurisdiction_version"."name")),
	CONSTRAINT "jurisdiction_version_levels" CHECK(json_valid("jurisdiction_version"."levels"))
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `ledger` (
	`position` integer PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`actor` text NOT NULL,
	`recorded_at` integer NOT NULL,
	`leaf` text NOT NULL,
	`leaf_hash` text NOT NULL,
	CONSTRAINT "ledger_leaf" CHECK(json_valid("ledger"."leaf")),
	CONSTRAINT "ledger_leaf_hash" CHECK(length("ledger"."leaf_hash") = 64)
) STRICT;
--> statement-breakpoint
CREATE TABLE `ledger_blob` (
	`position` integer NOT NULL,
	`piece` integer NOT NULL,
	`sha256` text NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`position`, `piece`),
	FOREIGN KEY (`position`) REFERENCES `ledger`(`position`) ON UPDATE no action ON DELETE no action
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `purpose_version` (
	`code` text NOT NULL,
	`version` integer NOT NULL,
	`title` text NOT NULL,
	`claims` text NOT NULL,
	`min_proofing` text,
	`min_authn` text,
	`legal_bases` text NOT NULL,
	`retention_days` integer NOT NULL,
	`valid_from` integer NOT NULL,
	`valid_to` integer,
	`position` integer NOT NULL,
	PRIMARY KEY(`code`, `version`),
	FOREIGN KEY (`position`) REFERENCES `ledger`(`position`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "purpose_version_proofing" CHECK("purpose_version"."min_proofing" IN ('low', 'substantial', 'high')),
	CONSTRAINT "purpose_version_authn" CHECK("purpose_version"."min_authn" IN ('low', 'substantial', 'high')),
	CONSTRAINT "purpose_version_retention" CHECK("purpose_version"."retention_days" >= 0),
	CONSTRAINT "purpose_version_title" CHECK(json_valid("purpose_version"."title")),
	CONSTRAINT "purpose_version_claims" CHECK(json_valid("purpose_version"."claims")),
	CONSTRAINT "purpose_version_legal_bases" CHECK(json_valid("purpose_version"."legal_bases")),
	CONSTRAINT "purpose_version_window" CHECK("purpose_version"."valid_to" IS NULL OR "purpose_version"."valid_to" > "purpose_version"."valid_from")
) STRICT, WITHOUT ROWID;
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
	CONSTRAINT "recognition_version_credential_types" CHECK(json_valid("recognition_version"."credential_types")),
	CONSTRAINT "recognition_version_purposes" CHECK(json_valid("recognition_version"."purposes")),
	CONSTRAINT "recognition_version_levels" CHECK(json_valid("recognition_version"."levels")),
	CONSTRAINT "recognition_version_transfer_bases" CHECK(json_valid("recognition_version"."transfer_bases")),
	CONSTRAINT "recognition_version_window" CHECK("recognition_version"."valid_to" IS NULL OR "recognition_version"."valid_to" > "recognition_version"."valid_from")
) STRICT, WITHOUT ROWID;
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
) STRICT, WITHOUT ROWID;
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
) STRICT, WITHOUT ROWID;
