ALTER TABLE `presentation_transactions` ADD `flow` text DEFAULT 'cross_device' NOT NULL;--> statement-breakpoint
ALTER TABLE `presentation_transactions` ADD `transaction_data` text;
