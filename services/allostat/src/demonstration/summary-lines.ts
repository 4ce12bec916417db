import type { Summary } from './summary';

/** A summary for people. */
export function summaryLines(summary: Summary): string[] {
  const { truth } = summary;
  const delay = truth?.delayDaysMedian === undefined ? 'unknown' : `${truth.delayDaysMedian} days`;
  return [
    `${summary.bars} bars (${summary.holidays} holidays) in ${summary.seconds.toFixed(1)} s, ${summary.barsPerSecond.toFixed(0)} a second through the line`,
    `${summary.regimeChanges} regime changes, ${summary.proposals} proposals, ${summary.infeasible} infeasible`,
    `${summary.approvals} approvals, ${summary.instructions} instructions released to the order system`,
    ...(summary.refusedBars > 0
      ? [`bars without a decision, with too few usable values: ${summary.refusedBars}; see allostat quarantine list`]
      : []),
    `${summary.quarantined} observations quarantined, ${summary.deadLetters} messages set aside as dead letters`,
    ...(truth
      ? [
          `against the true regimes: balanced accuracy ${truth.balancedAccuracy.toFixed(3)}, median delay ${delay}, ` +
            `${truth.falseAlarmsPerYear.toFixed(2)} false alarms a year`,
        ]
      : []),
    `audit log: ${summary.auditSize} records, root ${summary.auditRoot}`,
  ];
}
