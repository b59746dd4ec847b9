import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core'

/** The one accent: petrol, dark enough for text on white (5.9:1) and light enough on the dark surface. */
const petrol: MantineColorsTuple = [
  '#e6f5f5',
  '#d0eaeb',
  '#a3d7d9',
  '#73c3c7',
  '#57c7cd',
  '#33a3ab',
  '#1f929b',
  '#12808a',
  '#0b6f78',
  '#035c64',
]

/** Blue-grey instead of Mantine's neutral dark, from text down to the deepest background. */
const dark: MantineColorsTuple = [
  '#dbe4e8',
  '#b7c3c9',
  '#a0adb4',
  '#6c7b84',
  '#33424b',
  '#26323a',
  '#1a2429',
  '#151d21',
  '#0e1417',
  '#0a1012',
]

export const theme = createTheme({
  primaryColor: 'petrol',
  primaryShade: { light: 8, dark: 7 },
  autoContrast: true,
  colors: { petrol, dark },
  black: '#172126',
  fontFamily: "'IBM Plex Sans Variable', system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif",
  fontFamilyMonospace: "'IBM Plex Mono', ui-monospace, 'SFMono-Regular', Menlo, Consolas, monospace",
  headings: { fontWeight: '600' },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
})

/** Mantine's greys for secondary text miss 4.5:1 on white; these reach it in both schemes. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#55636b',
    '--mantine-color-placeholder': '#66747c',
    '--mantine-color-default-border': '#c3ced3',
    '--mantine-color-error': '#b92525',
  },
  dark: {
    '--mantine-color-dimmed': '#a0adb4',
    '--mantine-color-placeholder': '#8a98a0',
    '--mantine-color-default-border': '#3a4952',
    '--mantine-color-error': '#ff8a80',
  },
})
