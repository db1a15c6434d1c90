// What every simulated world shares, since none of it changes: the shipped rails, read once a
// program, and a mail of one line for each of theirs (what mails say is judged elsewhere).
#pragma once

#include <memory>
#include <stdexcept>

#include "notifications/compose.h"
#include "workflows/catalog.h"

namespace aiguillage::simulation {

inline workflows::Catalog& ShippedRails() {
  static const std::unique_ptr<workflows::Catalog> catalog = [] {
    auto loaded = workflows::Catalog::Load(AIGUILLAGE_SOURCE_DIR "/workflows/definitions");
    if (!loaded) throw std::runtime_error(loaded.refusal().sentence);
    return std::move(loaded).value();
  }();
  return *catalog;
}

inline notifications::Composer& ShippedMails() {
  static const std::unique_ptr<notifications::Composer> composer = [] {
    notifications::ComposeOptions options;
    options.public_url = "https://aiguillage.invalid";
    options.from = {"Aiguillage", "aap@exemple.invalid"};
    notifications::Composer::Mails mails;
    for (const auto& name : ShippedRails().Names()) {
      for (const auto& [file, text] : ShippedRails().KitOf(name).mails) {
        if (file.starts_with("_")) continue;
        mails[name][file] = file.ends_with(".txt.mustache")
                                ? "Objet : [{{number}}] Essai\n\nEssai.\n"
                                : "<p>Essai.</p>\n";
      }
    }
    auto loaded = notifications::Composer::Make(mails, options);
    if (!loaded) throw std::runtime_error(loaded.refusal().sentence);
    return std::move(loaded).value();
  }();
  return *composer;
}

}  // namespace aiguillage::simulation
