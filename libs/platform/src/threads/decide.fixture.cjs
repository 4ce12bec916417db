// A decision for the test of the threads: adds up, and takes its time when asked to.
exports.decide = ({ event, state, context }) => {
  if (event.refuse) throw new Error(`no decision on ${event.amount}`);
  const until = Date.now() + (event.busyMs ?? 0);
  while (Date.now() < until);
  return { state: { sum: state.sum + event.amount }, events: [{ type: 'Added', at: context.now, thread: true }] };
};
