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
CREATE TRIGGER status_event_no_update BEFORE UPDATE ON status_event BEGIN SELECT RAISE(ABORT, 'registry: status_event is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER status_event_no_delete BEFORE DELETE ON status_event BEGIN SELECT RAISE(ABORT, 'registry: status_event is append-only'); END;
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
CREATE TRIGGER authorization_version_in_newest_entry BEFORE INSERT ON authorization_version WHEN NEW.position <> (SELECT MAX(position) FROM ledger) BEGIN SELECT RAISE(ABORT, 'registry: facts enter with their entry'); END;
--> statement-breakpoint
CREATE TRIGGER purpose_version_in_newest_entry BEFORE INSERT ON purpose_version WHEN NEW.position <> (SELECT MAX(position) FROM ledger) BEGIN SELECT RAISE(ABORT, 'registry: facts enter with their entry'); END;
--> statement-breakpoint
CREATE TRIGGER recognition_version_in_newest_entry BEFORE INSERT ON recognition_version WHEN NEW.position <> (SELECT MAX(position) FROM ledger) BEGIN SELECT RAISE(ABORT, 'registry: facts enter with their entry'); END;
--> statement-breakpoint
CREATE TRIGGER status_event_in_newest_entry BEFORE INSERT ON status_event WHEN NEW.position <> (SELECT MAX(position) FROM ledger) BEGIN SELECT RAISE(ABORT, 'registry: facts enter with their entry'); END;
--> statement-breakpoint
CREATE TRIGGER entity_of_a_jurisdiction BEFORE INSERT ON entity WHEN NEW.country <> 'ZZ' AND NOT EXISTS (SELECT 1 FROM jurisdiction j WHERE j.country = NEW.country) BEGIN SELECT RAISE(ABORT, 'registry: entity of an unknown jurisdiction'); END;
--> statement-breakpoint
CREATE TRIGGER authorization_version_step BEFORE INSERT ON authorization_version WHEN NEW.version <> COALESCE((SELECT MAX(v.version) FROM authorization_version v WHERE v.id = NEW.id), 0) + 1 BEGIN SELECT RAISE(ABORT, 'registry: version must be the next one'); END;
--> statement-breakpoint
CREATE TRIGGER purpose_version_step BEFORE INSERT ON purpose_version WHEN NEW.version <> COALESCE((SELECT MAX(v.version) FROM purpose_version v WHERE v.code = NEW.code), 0) + 1 BEGIN SELECT RAISE(ABORT, 'registry: version must be the next one'); END;
--> statement-breakpoint
CREATE TRIGGER recognition_version_step BEFORE INSERT ON recognition_version WHEN NEW.version <> COALESCE((SELECT MAX(v.version) FROM recognition_version v WHERE v.id = NEW.id), 0) + 1 BEGIN SELECT RAISE(ABORT, 'registry: version must be the next one'); END;
--> statement-breakpoint
CREATE TRIGGER authorization_version_same BEFORE INSERT ON authorization_version WHEN EXISTS (SELECT 1 FROM authorization_version v WHERE v.id = NEW.id AND (v.authority <> NEW.authority OR v.subject <> NEW.subject OR v.action <> NEW.action OR v.resource <> NEW.resource)) BEGIN SELECT RAISE(ABORT, 'registry: a version may not move to other parties'); END;
--> statement-breakpoint
CREATE TRIGGER recognition_version_same BEFORE INSERT ON recognition_version WHEN EXISTS (SELECT 1 FROM recognition_version v WHERE v.id = NEW.id AND (v.recogniser <> NEW.recogniser OR v.recognised <> NEW.recognised)) BEGIN SELECT RAISE(ABORT, 'registry: a version may not move to other parties'); END;
--> statement-breakpoint
CREATE TRIGGER status_event_target_known BEFORE INSERT ON status_event WHEN NOT (NEW.target_type = 'entity' AND EXISTS (SELECT 1 FROM entity t WHERE t.id = NEW.target_id)) AND NOT (NEW.target_type = 'trust_anchor' AND EXISTS (SELECT 1 FROM trust_anchor t WHERE t.id = NEW.target_id)) AND NOT (NEW.target_type = 'authorization' AND EXISTS (SELECT 1 FROM authorization_version t WHERE t.id = NEW.target_id)) AND NOT (NEW.target_type = 'recognition' AND EXISTS (SELECT 1 FROM recognition_version t WHERE t.id = NEW.target_id)) BEGIN SELECT RAISE(ABORT, 'registry: status of an unknown target'); END;
--> statement-breakpoint
CREATE TRIGGER status_event_terminal BEFORE INSERT ON status_event WHEN EXISTS (SELECT 1 FROM status_event s WHERE s.target_type = NEW.target_type AND s.target_id = NEW.target_id AND s.status = 'withdrawn' AND (NEW.status <> 'withdrawn' OR s.effective_from <= NEW.effective_from)) BEGIN SELECT RAISE(ABORT, 'registry: withdrawn is terminal'); END;
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
CREATE TRIGGER credential_status_events_invalid_is_final BEFORE INSERT ON credential_status_events WHEN EXISTS (SELECT 1 FROM credential_status_events p WHERE p.status_list = NEW.status_list AND p.idx = NEW.idx AND p.status = 'invalid') BEGIN SELECT RAISE(ABORT, 'issuance: invalid is final'); END;
