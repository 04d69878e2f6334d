//! Models from the user's own files: `config.json`, and the `hf_quant_config.json` beside it.

use crate::failure::Failure;
use crate::files::in_file;
use crate::remark::Remark;
use crate::say;
use crate::sources::Sources;
use blis_playground::ConfigError;
use blis_playground::catalog::Model;
use blis_playground::catalog::public_model::{from_config_text, read_model};
use blis_playground::latency::description::reference_view;
use std::path::{Path, PathBuf};

/// The file that a path means: itself, or `config.json` in the folder.
pub fn config_file(path: &Path) -> PathBuf {
    let is_standard_input = path == Path::new("-");
    if path.is_dir() || (!path.exists() && path.extension().is_none() && !is_standard_input) {
        path.join("config.json")
    } else {
        path.to_owned()
    }
}

/// Reads a model with all its layers.
pub fn described(flag: &'static str, name: &str, path: &Path, sources: &Sources) -> Result<Model, Failure> {
    let file = config_file(path);
    let (text, beside) = texts(flag, &file, sources)?;
    read_model(name, &text, beside.as_deref()).map_err(|error| in_file(flag, &file, &error))
}

/// Reads a model to be served. One whose layers are not understood is served if the reference would serve it, with a warning.
pub fn served(flag: &'static str, name: &str, path: &Path, sources: &Sources) -> Result<Model, Failure> {
    let file = config_file(path);
    let (text, beside) = texts(flag, &file, sources)?;
    read_model(name, &text, beside.as_deref())
        .or_else(|error| as_the_reference(name, &text, error))
        .map_err(|error| in_file(flag, &file, &error))
}

fn as_the_reference(name: &str, text: &str, error: ConfigError) -> Result<Model, ConfigError> {
    let model = from_config_text(name, text).map_err(|_| error.clone())?;
    // What is not in the file at all is said in the reference's words.
    if matches!(&error, ConfigError::Invalid { value, .. } if value == "nothing")
        && !reference_view(&model).accepts
    {
        return Ok(model);
    }
    if !reference_view(&model).accepts {
        return Err(error);
    }
    let warning =
        format!("layers are counted as in BLIS, because those of the file are not understood: {error}");
    say::remark(&Remark::Warning(warning));
    Ok(model)
}

type Text = std::rc::Rc<str>;

fn texts(flag: &'static str, file: &Path, sources: &Sources) -> Result<(Text, Option<Text>), Failure> {
    let text = sources.text(flag, file)?;
    let beside = file.with_file_name("hf_quant_config.json");
    let beside = (file != Path::new("-") && beside.is_file()).then(|| sources.text(flag, &beside));
    Ok((text, beside.transpose()?))
}
