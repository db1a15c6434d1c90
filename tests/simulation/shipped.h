// What every simulated world shares, since none of it changes: the shipped rails and their mails,
// read once a program.
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
    auto loaded = notifications::Composer::Load(ShippedRails(), options);
    if (!loaded) throw std::runtime_error(loaded.refusal().sentence);
    return std::move(loaded).value();
  }();
  return *composer;
}

}  // namespace aiguillage::simulation
