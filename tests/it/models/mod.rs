//! Current models' public files, read (models chapter, G-1 to G-6).

mod bundled;
mod families;
mod figures;
mod labels;
mod number_formats;
mod refused;
