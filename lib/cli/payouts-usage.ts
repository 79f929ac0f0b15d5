/** What `npm run payouts` can do. */
export const USAGE = `Payouts to Maya wallets over ECommPay.

  npm run payouts -- import <file> [--check | --send-good-rows]
      reads a CSV (payment_id, amount, customer_id, account_number, customer_name; currency and ip_address if you like)
      and records it as a batch if every row is good; "-" reads standard input. --check records nothing;
      --send-good-rows lets the good rows become a batch although others are bad, unless a line is not CSV: behind a quote
      that does not close on its line, nobody knows where rows begin
  npm run payouts -- send [<batch> | <payment_id>]
      sends what is ready; without a name, the only batch that has something to send. Can be broken off and called again.
      By its payment_id also one that was refused as a duplicate, or is in review because ECommPay does not know it:
      always under the same id
  npm run payouts -- list [--batch <batch>] [--state <state>] [--limit 200]
      batches; or the payouts of one, or in one state: ready, held, unknown, processing, paid, declined, failed, review
  npm run payouts -- show <payment_id>
      all that is known of one, its recipient masked
  npm run payouts -- ask-again <payment_id>
      the running server asks ECommPay once more
  npm run payouts -- decide <payment_id> paid|not-paid --seen <version> --evidence <text>
      your decision about the version that "show" named, after looking it up in ECommPay's Dashboard; it is never sent after that. "not-paid" of one that was
      sent is taken only when ECommPay cannot pay it any more: two hours after the limit time (48 h, or as it is set)
  npm run payouts -- acknowledge <payment_id> --seen <number> --evidence <text>
      you looked into what its alarms tell of, e.g. a payment that came after a refusal; <number> as "show" printed it with
      them, and nothing is closed where more was raised since
  npm run payouts -- payers import <file>
      customers who paid before by a method that this project does not see (customer_id, method)
  npm run payouts -- export-dashboard <file> [--batch <batch>] [--columns <…>] [--separator ;] [--again]
      what is ready, as a file for ECommPay's Dashboard; machines never send it after that
  npm run payouts -- balance
      what payouts draw on

Your name goes on record: --as "Ana Reyes", else the name of your account on this machine. --json for machines.`;
