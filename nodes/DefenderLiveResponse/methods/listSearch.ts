/** What the From List mode of the resource locators shows. */
export { searchLibraryFiles } from './searchLibraryFiles';
export { searchMachineActions } from './searchMachineActions';
export { searchMachines } from './searchMachines';
