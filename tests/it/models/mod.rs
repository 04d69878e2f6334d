//! Current models' public files, read (models chapter, G-1 to G-6).

mod figures;
