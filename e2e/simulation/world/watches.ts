/**
 * Triggers that look on while the real code runs. They note in tables of their own, inside the very transaction, so
 * that what is rolled back was never done. `sim_wrongs` must stay empty in every schedule, with whatever faults.
 */
export const WATCHES = `
create table sim_wrongs (what text not null, subject text not null);
create table sim_opened (payment text primary key, holder text not null, pay_by integer not null);
create table sim_refreshes (reference text primary key, session text not null, generation integer not null, holder text);

create trigger sim_opens after insert on payments when new.rail = 'maya' begin
  insert into sim_opened values (new.id, new.lease_by, new.pay_by);
end;

create trigger sim_payment_lease before update of lease_by on payments
when new.lease_by is not old.lease_by and old.lease_until >= now_ms() begin
  insert into sim_wrongs values ('the lease of a payment was taken from its living holder', new.id);
end;

create trigger sim_refresh_lease before update of refresh_lease_by on sessions
when new.refresh_lease_by is not null and new.refresh_lease_by is not old.refresh_lease_by
  and old.refresh_lease_by is not null and old.refresh_lease_until >= now_ms() begin
  insert into sim_wrongs values ('the lease of a refresh was taken from its living holder', new.id);
end;

create trigger sim_refresh after update of refresh_reference on sessions
when new.refresh_reference is not old.refresh_reference begin
  insert into sim_refreshes values (new.refresh_reference, new.id, new.generation, new.refresh_lease_by);
end;

create trigger sim_redeemed before update of redeemed_at on sessions
when old.redeemed_at is not null begin
  insert into sim_wrongs values ('a sessionId was redeemed twice', new.id);
end;

create trigger sim_redeemed_late before update of redeemed_at on sessions
when old.redeem_until <= now_ms() begin
  insert into sim_wrongs values ('a sessionId was redeemed after its time', new.id);
end;

create trigger sim_seal_with_generation before update of sealed_tokens on sessions
when new.generation < old.generation begin
  insert into sim_wrongs values ('newer tokens were overwritten by older ones', new.id);
end;

create trigger sim_facts_change before update on payment_events begin
  insert into sim_wrongs values ('a fact was changed', old.payment_id);
end;

create trigger sim_facts_vanish before delete on payment_events
when exists (select 1 from payments where id = old.payment_id) begin
  insert into sim_wrongs values ('a fact was forgotten', old.payment_id);
end;

create trigger sim_repeat_leased before insert on payment_events
when new.kind = 'execute_attempt' and json_extract(new.data, '$.attempt') > 1 and not exists (
  select 1 from payments where id = new.payment_id
    and lease_by = json_extract(new.data, '$.lease') and lease_until >= new.recorded_at) begin
  insert into sim_wrongs values ('a repeat was recorded without a living lease of its own', new.payment_id);
end;

create trigger sim_sale_repeat_leased before insert on payment_events
when new.kind = 'sale_attempt' and json_extract(new.data, '$.attempt') > 1 and not exists (
  select 1 from payments where id = new.payment_id and lease_until >= new.recorded_at) begin
  insert into sim_wrongs values ('a sale was recorded once more without a living lease', new.payment_id);
end;

create trigger sim_payout_lease before update of lease_by on payouts
when new.lease_by is not old.lease_by and old.lease_until >= now_ms() begin
  insert into sim_wrongs values ('the lease of a payout was taken from its living holder', new.id);
end;

create trigger sim_payout_attempt_leased before insert on payout_events
when new.kind = 'attempt' and not exists (
  select 1 from payouts where id = new.payout_id and lease_until >= new.recorded_at) begin
  insert into sim_wrongs values ('a payout was recorded as sent without a living lease', new.payout_id);
end;

create trigger sim_payout_facts_change before update on payout_events begin
  insert into sim_wrongs values ('a fact was changed', old.payout_id);
end;

create trigger sim_payout_facts_vanish before delete on payout_events
when exists (select 1 from payouts where id = old.payout_id) begin
  insert into sim_wrongs values ('a fact was forgotten', old.payout_id);
end;

create trigger sim_payout_changed before update of amount_centavos, customer_id, content on payouts
when new.amount_centavos <> old.amount_centavos or new.customer_id <> old.customer_id or new.content <> old.content begin
  insert into sim_wrongs values ('a payout changed what it pays to whom', new.id);
end;

create trigger sim_provider_id before update of provider_id on payments
when old.provider_id is not null and new.provider_id is not old.provider_id begin
  insert into sim_wrongs values ('a payment changed its id at Maya', new.id);
end;

create trigger sim_total before update of total_centavos on orders
when new.total_centavos <> old.total_centavos begin
  insert into sim_wrongs values ('an order changed its total', new.id);
end;

create trigger sim_claim_stolen before update of claim on orders
when old.claim is not null and new.claim is not null and new.claim <> old.claim
  and exists (select 1 from payments where id = old.claim and state in ('creating', 'created', 'executing', 'review', 'approved')) begin
  insert into sim_wrongs values ('the claim was taken from a payment that may still charge', new.id);
end;

create trigger sim_closed_claimed before update of state on orders
when new.state <> 'open' and old.state = 'open' and (old.claim is not null or old.paid_by is not null) begin
  insert into sim_wrongs values ('an order was closed while a payment could charge it', new.id);
end;
`;
