/** Words that say that what they speak of goes up or gets better. */
export const UP_WORDS: ReadonlySet<string> = new Set(
  `rally rallies rallied rallying climb climbs climbed climbing gain gains gained gaining rise rises rose rising risen advance advances advanced
  jump jumps jumped soar soars soared surge surges surged rebound rebounds rebounded recover recovers recovered recovery grow grows grew growing
  increase increases increased increasing improve improves improved improving improvement beat beats exceed exceeds exceeded outperform outperforms
  upgrade upgrades upgraded strong stronger strengthen strengthens strengthened robust record higher high expand expands expanded expansion boost
  boosts boosted win wins won double doubled profitable success successful optimistic optimism bullish firm firmer lifted lift lifts up accelerate
  accelerates accelerated raise raises raised award awarded secure secured agreement`.split(/\s+/),
);

/** Words that say that what they speak of goes down or gets worse. */
export const DOWN_WORDS: ReadonlySet<string> = new Set(
  `fall falls fell falling fallen drop drops dropped dropping slide slides slid sliding slump slumps slumped tumble tumbles tumbled plunge plunges
  plunged decline declines declined declining decrease decreases decreased decreasing sink sinks sank lose loses losing lost weak weaker weaken
  weakens weakened miss misses missed cut cuts cutting downgrade downgrades downgraded shrink shrinks shrank contract contracts contracted slow slows
  slowed slowdown lower low worse worsen worsens worsened deteriorate deteriorates deteriorated disappoint disappoints disappointing warn warns
  warned warning crash crashes crashed bearish pessimistic halve halved down suspend suspended halt halts halted reduce reduced reduces negative
  plummet plummets plummeted dip dips dipped retreat retreats retreated`.split(/\s+/),
);

/** Things whose rise is bad news and whose fall is good news. */
export const INVERSE_NOUNS: ReadonlySet<string> = new Set(
  `unemployment joblessness jobless claims layoffs layoff loss losses cost costs expenses debt defaults default inflation deficit deficits
  bankruptcies bankruptcy risk risks fears fear spreads volatility taxes tariffs delinquencies redundancies complaints liabilities`.split(
    /\s+/,
  ),
);

/** Words that are bad news by themselves. */
export const BAD_WORDS: ReadonlySet<string> = new Set(
  `default defaults bankruptcy bankrupt fraud crisis recession panic selloff turmoil layoffs lawsuit scandal loss losses fears fear hikes
  war sanctions stagflation contagion downturn`.split(/\s+/),
);

/** Words that turn the next few words round. */
export const NEGATIONS: ReadonlySet<string> = new Set(
  `not no never without neither nor cannot can't won't doesn't don't didn't isn't aren't wasn't weren't fails failed unable avoid avoids avoided
  despite hardly`.split(/\s+/),
);

/** Changes with the words and with how headlines are read; what scored under another version may have scored otherwise. */
export const LEXICON_VERSION = '1';

/** All the words in a fixed form, for a fingerprint of the lexicon. */
export function lexiconText(): string {
  return [UP_WORDS, DOWN_WORDS, INVERSE_NOUNS, BAD_WORDS, NEGATIONS].map((words) => [...words].join(' ')).join('\n');
}
