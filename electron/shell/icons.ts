import { nativeImage, type NativeImage } from 'electron';
// Inlined by the build: in the package there is no file to find. Drawn from the SVGs beside them by e2e/icons.ts.
import dot from './assets/dot.png?inline';
import windowIcon from './assets/window-icon.png?inline';

/** The window's icon on Windows and Linux; macOS takes the bundle's. */
export const makeWindowIcon = (): NativeImage => nativeImage.createFromDataURL(windowIcon);

/** Over the taskbar's icon on Windows while changes need the user. */
export const makeBadgeDot = (): NativeImage => nativeImage.createFromDataURL(dot);
