import { sharedAzurite } from '../support/sharedAzurite.mts';

export default sharedAzurite.start;
