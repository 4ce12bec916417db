import { z } from 'zod';

/** Share of the votes cast that carries a resolution; abstentions are no votes cast. */
export const MAJORITIES = ['simple', 'two-thirds'] as const;
export type Majority = (typeof MAJORITIES)[number];

const identifier = z.string().regex(/^[a-z][a-z0-9-]*$/, 'lower-case letters, digits and dashes, letter first');
const person = z.string().min(1).max(100);

/** What a committee file may say. */
export const committeeSchema = z
  .strictObject({
    id: identifier,
    version: z.int().min(1),
    name: z.string().min(1),
    chair: person,
    members: z.array(person).min(1).max(100),
    /** Members who must vote, abstentions included, for a resolution to count. */
    quorum: z.int().min(1),
    majority: z.enum(MAJORITIES),
    /** Mandates that it decides on; left out, all. */
    mandates: z.array(z.string().min(1)).min(1).exactOptional(),
  })
  .superRefine(({ members, chair, quorum }, context) => {
    const twice = members.find((member, i) => members.indexOf(member) !== i);
    const fault = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
    if (twice !== undefined) fault('members', `${twice} is listed twice`);
    if (!members.includes(chair)) fault('chair', `${chair} is not one of the members`);
    if (quorum > members.length) fault('quorum', `${quorum} is more than the ${members.length} members`);
  });

/** A body that decides by vote. Its version holds once others have approved it. */
export type Committee = z.infer<typeof committeeSchema>;

/** Whether a committee decides on a mandate. */
export function covers({ mandates }: Pick<Committee, 'mandates'>, mandateId: string): boolean {
  return mandates === undefined || mandates.includes(mandateId);
}
