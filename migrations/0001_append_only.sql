CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'registry: ledger is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger BEGIN SELECT RAISE(ABORT, 'registry: ledger is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER ledger_blob_no_update BEFORE UPDATE ON ledger_blob BEGIN SELECT RAISE(ABORT, 'registry: ledger_blob is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER ledger_blob_no_delete BEFORE DELETE ON ledger_blob BEGIN SELECT RAISE(ABORT, 'registry: ledger_blob is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER jurisdiction_no_update BEFORE UPDATE ON jurisdiction BEGIN SELECT RAISE(ABORT, 'registry: jurisdiction is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER jurisdiction_no_delete BEFORE DELETE ON jurisdiction BEGIN SELECT RAISE(ABORT, 'registry: jurisdiction is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER entity_no_update BEFORE UPDATE ON entity BEGIN SELECT RAISE(ABORT, 'registry: entity is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER entity_no_delete BEFORE DELETE ON entity BEGIN SELECT RAISE(ABORT, 'registry: entity is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER trust_anchor_no_update BEFORE UPDATE ON trust_anchor BEGIN SELECT RAISE(ABORT, 'registry: trust_anchor is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER trust_anchor_no_delete BEFORE DELETE ON trust_anchor BEGIN SELECT RAISE(ABORT, 'registry: trust_anchor is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER status_event_no_update BEFORE UPDATE ON status_event BEGIN SELECT RAISE(ABORT, 'registry: status_event is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER status_event_no_delete BEFORE DELETE ON status_event BEGIN SELECT RAISE(ABORT, 'registry: status_event is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER jurisdiction_version_no_update BEFORE UPDATE ON jurisdiction_version BEGIN SELECT RAISE(ABORT, 'registry: jurisdiction_version is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER jurisdiction_version_no_delete BEFORE DELETE ON jurisdiction_version BEGIN SELECT RAISE(ABORT, 'registry: jurisdiction_version is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER entity_version_no_update BEFORE UPDATE ON entity_version BEGIN SELECT RAISE(ABORT, 'registry: entity_version is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER entity_version_no_delete BEFORE DELETE ON entity_version BEGIN SELECT RAISE(ABORT, 'registry: entity_version is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER authorization_version_no_update BEFORE UPDATE ON authorization_version BEGIN SELECT RAISE(ABORT, 'registry: authorization_version is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER authorization_version_no_delete BEFORE DELETE ON authorization_version BEGIN SELECT RAISE(ABORT, 'registry: authorization_version is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER purpose_version_no_update BEFORE UPDATE ON purpose_version BEGIN SELECT RAISE(ABORT, 'registry: purpose_version is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER purpose_version_no_delete BEFORE DELETE ON purpose_version BEGIN SELECT RAISE(ABORT, 'registry: purpose_version is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER recognition_version_no_update BEFORE UPDATE ON recognition_version BEGIN SELECT RAISE(ABORT, 'registry: recognition_version is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER recognition_version_no_delete BEFORE DELETE ON recognition_version BEGIN SELECT RAISE(ABORT, 'registry: recognition_version is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER ledger_next BEFORE INSERT ON ledger WHEN NEW.position <> COALESCE((SELECT MAX(position) FROM ledger), -1) + 1 BEGIN SELECT RAISE(ABORT, 'registry: position must be the next one'); END;
--> statement-breakpoint
CREATE TRIGGER ledger_blob_in_newest_entry BEFORE INSERT ON ledger_blob WHEN NEW.position <> (SELECT MAX(position) FROM ledger) BEGIN SELECT RAISE(ABORT, 'registry: facts enter with their entry'); END;
--> statement-breakpoint
CREATE TRIGGER jurisdiction_in_newest_entry BEFORE INSERT ON jurisdiction WHEN NEW.position <> (SELECT MAX(position) FROM ledger) BEGIN SELECT RAISE(ABORT, 'registry: facts enter with their entry'); END;
--> statement-breakpoint
CREATE TRIGGER entity_in_newest_entry BEFORE INSERT ON entity WHEN NEW.position <> (SELECT MAX(position) FROM ledger) BEGIN SELECT RAISE(ABORT, 'registry: facts enter with their entry'); END;
--> statement-breakpoint
CREATE TRIGGER trust_anchor_in_newest_entry BEFORE INSERT ON trust_anchor WHEN NEW.position <> (SELECT MAX(position) FROM ledger) BEGIN SELECT RAISE(ABORT, 'registry: facts enter with their entry'); END;
--> statement-breakpoint
CREATE TRIGGER status_event_in_newest_entry BEFORE INSERT ON status_event WHEN NEW.position <> (SELECT MAX(position) FROM ledger) BEGIN SELECT RAISE(ABORT, 'registry: facts enter with their entry'); END;
--> statement-breakpoint
CREATE TRIGGER jurisdiction_version_in_newest_entry BEFORE INSERT ON jurisdiction_version WHEN NEW.position <> (SELECT MAX(position) FROM ledger) BEGIN SELECT RAISE(ABORT, 'registry: facts enter with their entry'); END;
--> statement-breakpoint
CREATE TRIGGER entity_version_in_newest_entry BEFORE INSERT ON entity_version WHEN NEW.position <> (SELECT MAX(position) FROM ledger) BEGIN SELECT RAISE(ABORT, 'registry: facts enter with their entry'); END;
--> statement-breakpoint
CREATE TRIGGER authorization_version_in_newest_entry BEFORE INSERT ON authorization_version WHEN NEW.position <> (SELECT MAX(position) FROM ledger) BEGIN SELECT RAISE(ABORT, 'registry: facts enter with their entry'); END;
--> statement-breakpoint
CREATE TRIGGER purpose_version_in_newest_entry BEFORE INSERT ON purpose_version WHEN NEW.position <> (SELECT MAX(position) FROM ledger) BEGIN SELECT RAISE(ABORT, 'registry: facts enter with their entry'); END;
--> statement-breakpoint
CREATE TRIGGER recognition_version_in_newest_entry BEFORE INSERT ON recognition_version WHEN NEW.position <> (SELECT MAX(position) FROM ledger) BEGIN SELECT RAISE(ABORT, 'registry: facts enter with their entry'); END;
--> statement-breakpoint
CREATE TRIGGER ledger_blob_no_replace BEFORE INSERT ON ledger_blob WHEN EXISTS (SELECT 1 FROM ledger_blob p WHERE p.position = NEW.position AND p.piece = NEW.piece) BEGIN SELECT RAISE(ABORT, 'registry: ledger_blob has it already'); END;
--> statement-breakpoint
CREATE TRIGGER jurisdiction_no_replace BEFORE INSERT ON jurisdiction WHEN EXISTS (SELECT 1 FROM jurisdiction p WHERE p.country = NEW.country) BEGIN SELECT RAISE(ABORT, 'registry: jurisdiction has it already'); END;
--> statement-breakpoint
CREATE TRIGGER entity_no_replace BEFORE INSERT ON entity WHEN EXISTS (SELECT 1 FROM entity p WHERE p.id = NEW.id) BEGIN SELECT RAISE(ABORT, 'registry: entity has it already'); END;
--> statement-breakpoint
CREATE TRIGGER trust_anchor_no_replace BEFORE INSERT ON trust_anchor WHEN EXISTS (SELECT 1 FROM trust_anchor p WHERE p.id = NEW.id) BEGIN SELECT RAISE(ABORT, 'registry: trust_anchor has it already'); END;
--> statement-breakpoint
CREATE TRIGGER status_event_no_replace BEFORE INSERT ON status_event WHEN EXISTS (SELECT 1 FROM status_event p WHERE p.position = NEW.position AND p.target_type = NEW.target_type AND p.target_id = NEW.target_id AND p.effective_from = NEW.effective_from) BEGIN SELECT RAISE(ABORT, 'registry: status_event has it already'); END;
--> statement-breakpoint
CREATE TRIGGER jurisdiction_version_step BEFORE INSERT ON jurisdiction_version WHEN NEW.version <> COALESCE((SELECT MAX(p.version) FROM jurisdiction_version p WHERE p.country = NEW.country), 0) + 1 BEGIN SELECT RAISE(ABORT, 'registry: version must be the next one'); END;
--> statement-breakpoint
CREATE TRIGGER jurisdiction_version_not_backdated BEFORE INSERT ON jurisdiction_version WHEN NEW.version > 1 AND NEW.position > 0 AND NEW.valid_from < (SELECT l.recorded_at FROM ledger l WHERE l.position = NEW.position) BEGIN SELECT RAISE(ABORT, 'registry: a later version may not begin in the past'); END;
--> statement-breakpoint
CREATE TRIGGER entity_version_step BEFORE INSERT ON entity_version WHEN NEW.version <> COALESCE((SELECT MAX(p.version) FROM entity_version p WHERE p.id = NEW.id), 0) + 1 BEGIN SELECT RAISE(ABORT, 'registry: version must be the next one'); END;
--> statement-breakpoint
CREATE TRIGGER entity_version_not_backdated BEFORE INSERT ON entity_version WHEN NEW.version > 1 AND NEW.position > 0 AND NEW.valid_from < (SELECT l.recorded_at FROM ledger l WHERE l.position = NEW.position) BEGIN SELECT RAISE(ABORT, 'registry: a later version may not begin in the past'); END;
--> statement-breakpoint
CREATE TRIGGER entity_version_same BEFORE INSERT ON entity_version WHEN EXISTS (SELECT 1 FROM entity_version p WHERE p.id = NEW.id AND NOT (p.country = NEW.country AND p.role = NEW.role)) BEGIN SELECT RAISE(ABORT, 'registry: a version may not move to other parties'); END;
--> statement-breakpoint
CREATE TRIGGER authorization_version_step BEFORE INSERT ON authorization_version WHEN NEW.version <> COALESCE((SELECT MAX(p.version) FROM authorization_version p WHERE p.id = NEW.id), 0) + 1 BEGIN SELECT RAISE(ABORT, 'registry: version must be the next one'); END;
--> statement-breakpoint
CREATE TRIGGER authorization_version_not_backdated BEFORE INSERT ON authorization_version WHEN NEW.version > 1 AND NEW.position > 0 AND NEW.valid_from < (SELECT l.recorded_at FROM ledger l WHERE l.position = NEW.position) BEGIN SELECT RAISE(ABORT, 'registry: a later version may not begin in the past'); END;
--> statement-breakpoint
CREATE TRIGGER authorization_version_same BEFORE INSERT ON authorization_version WHEN EXISTS (SELECT 1 FROM authorization_version p WHERE p.id = NEW.id AND NOT (p.authority = NEW.authority AND p.subject = NEW.subject AND p.action = NEW.action AND p.resource = NEW.resource)) BEGIN SELECT RAISE(ABORT, 'registry: a version may not move to other parties'); END;
--> statement-breakpoint
CREATE TRIGGER purpose_version_step BEFORE INSERT ON purpose_version WHEN NEW.version <> COALESCE((SELECT MAX(p.version) FROM purpose_version p WHERE p.code = NEW.code), 0) + 1 BEGIN SELECT RAISE(ABORT, 'registry: version must be the next one'); END;
--> statement-breakpoint
CREATE TRIGGER purpose_version_not_backdated BEFORE INSERT ON purpose_version WHEN NEW.version > 1 AND NEW.position > 0 AND NEW.valid_from < (SELECT l.recorded_at FROM ledger l WHERE l.position = NEW.position) BEGIN SELECT RAISE(ABORT, 'registry: a later version may not begin in the past'); END;
--> statement-breakpoint
CREATE TRIGGER recognition_version_step BEFORE INSERT ON recognition_version WHEN NEW.version <> COALESCE((SELECT MAX(p.version) FROM recognition_version p WHERE p.id = NEW.id), 0) + 1 BEGIN SELECT RAISE(ABORT, 'registry: version must be the next one'); END;
--> statement-breakpoint
CREATE TRIGGER recognition_version_not_backdated BEFORE INSERT ON recognition_version WHEN NEW.version > 1 AND NEW.position > 0 AND NEW.valid_from < (SELECT l.recorded_at FROM ledger l WHERE l.position = NEW.position) BEGIN SELECT RAISE(ABORT, 'registry: a later version may not begin in the past'); END;
--> statement-breakpoint
CREATE TRIGGER recognition_version_same BEFORE INSERT ON recognition_version WHEN EXISTS (SELECT 1 FROM recognition_version p WHERE p.id = NEW.id AND NOT (p.recogniser = NEW.recogniser AND p.recognised = NEW.recognised)) BEGIN SELECT RAISE(ABORT, 'registry: a version may not move to other parties'); END;
--> statement-breakpoint
CREATE TRIGGER entity_version_of_a_jurisdiction BEFORE INSERT ON entity_version WHEN NEW.country <> 'ZZ' AND NOT EXISTS (SELECT 1 FROM jurisdiction p WHERE p.country = NEW.country) BEGIN SELECT RAISE(ABORT, 'registry: entity of an unknown jurisdiction'); END;
--> statement-breakpoint
CREATE TRIGGER status_event_target_known BEFORE INSERT ON status_event WHEN NOT (NEW.target_type = 'entity' AND EXISTS (SELECT 1 FROM entity p WHERE p.id = NEW.target_id)) AND NOT (NEW.target_type = 'trust_anchor' AND EXISTS (SELECT 1 FROM trust_anchor p WHERE p.id = NEW.target_id)) AND NOT (NEW.target_type = 'authorization' AND EXISTS (SELECT 1 FROM authorization_version p WHERE p.id = NEW.target_id)) AND NOT (NEW.target_type = 'recognition' AND EXISTS (SELECT 1 FROM recognition_version p WHERE p.id = NEW.target_id)) BEGIN SELECT RAISE(ABORT, 'registry: status of an unknown target'); END;
--> statement-breakpoint
CREATE TRIGGER status_event_terminal BEFORE INSERT ON status_event WHEN EXISTS (SELECT 1 FROM status_event p WHERE p.target_type = NEW.target_type AND p.target_id = NEW.target_id AND p.status = 'withdrawn' AND (NEW.status <> 'withdrawn' OR p.effective_from <= NEW.effective_from)) BEGIN SELECT RAISE(ABORT, 'registry: withdrawn is terminal'); END;
--> statement-breakpoint
CREATE TRIGGER status_event_not_backdated BEFORE INSERT ON status_event WHEN NEW.position > 0 AND NEW.effective_from < (SELECT l.recorded_at FROM ledger l WHERE l.position = NEW.position) AND NOT (NEW.reason = 'key-compromise' AND NEW.status IN ('suspended', 'withdrawn')) BEGIN SELECT RAISE(ABORT, 'registry: only a compromise may reach into the past'); END;
--> statement-breakpoint
CREATE TRIGGER status_lists_no_update BEFORE UPDATE ON status_lists BEGIN SELECT RAISE(ABORT, 'issuance: status_lists is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER status_lists_no_delete BEFORE DELETE ON status_lists BEGIN SELECT RAISE(ABORT, 'issuance: status_lists is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER issuances_no_update BEFORE UPDATE ON issuances BEGIN SELECT RAISE(ABORT, 'issuance: issuances is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER issuances_no_delete BEFORE DELETE ON issuances BEGIN SELECT RAISE(ABORT, 'issuance: issuances is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER credential_status_events_no_update BEFORE UPDATE ON credential_status_events BEGIN SELECT RAISE(ABORT, 'issuance: credential_status_events is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER credential_status_events_no_delete BEFORE DELETE ON credential_status_events BEGIN SELECT RAISE(ABORT, 'issuance: credential_status_events is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER status_lists_no_replace BEFORE INSERT ON status_lists WHEN EXISTS (SELECT 1 FROM status_lists p WHERE p.id = NEW.id OR (p.issuer = NEW.issuer AND p.number = NEW.number)) BEGIN SELECT RAISE(IGNORE); END;
--> statement-breakpoint
CREATE TRIGGER issuances_no_replace BEFORE INSERT ON issuances WHEN EXISTS (SELECT 1 FROM issuances p WHERE p.status_list = NEW.status_list AND p.idx = NEW.idx) BEGIN SELECT RAISE(IGNORE); END;
--> statement-breakpoint
CREATE TRIGGER credential_status_events_no_replace BEFORE INSERT ON credential_status_events WHEN NEW.id > 0 AND NEW.id <= (SELECT MAX(id) FROM credential_status_events) BEGIN SELECT RAISE(ABORT, 'issuance: events only go on'); END;
--> statement-breakpoint
CREATE TRIGGER credential_status_events_invalid_is_final BEFORE INSERT ON credential_status_events WHEN EXISTS (SELECT 1 FROM credential_status_events p WHERE p.status_list = NEW.status_list AND p.idx = NEW.idx AND p.status = 'invalid') BEGIN SELECT RAISE(ABORT, 'issuance: invalid is final'); END;
