/** What a process in another namespace says to who asks. */
export type FromInside<Reading> = { reading: Reading } | { failure: string };

export async function answerBy<Reading>(look: () => Promise<Reading>): Promise<FromInside<Reading>> {
  try {
    return { reading: await look() };
  } catch (error) {
    return { failure: (error as Error).message };
  }
}
