import type { Command } from 'commander';

export interface SentimentTrainOptions {
  readonly text: string;
  readonly tone: string;
  readonly delimiter: string;
  readonly out: string;
  readonly json?: boolean;
}

export interface SentimentScoreOptions {
  readonly model?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  allostat sentiment train headlines.csv --text headline --tone label --out tone.json
  allostat sentiment score "Gold slides as the dollar firms" "Shares rally" --model tone.json
`;

const ABOUT = `
A tone is positive or negative; "neutral", "none" and an empty cell are neutral. Half of the headlines, chosen by a hash, judges what the
other half taught; the weights that are written come from all of them. The same file gives the same weights. Set SENTIMENT_MODEL_FILE of
the signal-ingestion service to the file to score its news with it. The licence of the headlines holds for the weights.
`;

/** Adds `allostat sentiment`: training and trying models of the tone of news. */
export function registerSentiment(program: Command): void {
  const sentiment = program
    .command('sentiment')
    .summary('the tone of headlines')
    .description('Trains a classifier of headline tone on headlines that people have judged, and scores headlines.')
    .addHelpText('before', EXAMPLES);
  sentiment
    .command('train')
    .description('weights from judged headlines, with accuracy on the half that was held out')
    .argument('<file>', 'delimited text with a header row, gzipped or not')
    .requiredOption('--text <column>', 'column of the headline')
    .requiredOption('--tone <column>', 'column of its tone')
    .option('--delimiter <character>', 'what separates cells; "tab" for tabs', ',')
    .requiredOption('--out <file>', 'where the weights go (.json)')
    .option('--json', 'print the result as one JSON document')
    .addHelpText('after', ABOUT)
    .action(async (file: string, options: SentimentTrainOptions) => {
      const { runCommand } = await import('../cli/output');
      await runCommand(options, async () => (await import('./run-sentiment')).runSentimentTrain(file, options));
    });
  sentiment
    .command('score')
    .description('tone of each headline, -1 to 1')
    .argument('<headline...>')
    .option('--model <file>', 'weights (.json) or a model (.onnx); default the lexicon')
    .option('--json', 'print the result as one JSON document')
    .action(async (headlines: string[], options: SentimentScoreOptions) => {
      const { runCommand } = await import('../cli/output');
      await runCommand(options, async () => (await import('./run-sentiment')).runSentimentScore(headlines, options));
    });
}
