"""What all pages are made of: tokens for type, space and colour, components, icons and fonts.

`css/tokens.css` is the only file with literal colours and pixels; `css/components/` and
`templates/components/` have one file per component, of the same name. `bundles` puts the style
sheets and the icons into one file each, `colours` works out a company's own accent. Knows nothing
of the company, its members or their money: pages pass in what is shown."""
