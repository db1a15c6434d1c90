// A call's mapping beside the live form of its démarche, a row a field, and back from what a person
// chose to a mapping. Fields are known by their id, shown by their label.
//
//   auto rows = MappingRows(mapping, revision, form);   // state: mapped unmapped renamed …
//   TakeChoices(rows, request);                         // to-ID, type-ID, choices-ID, required-ID
//   auto made = MappingFrom(rows, mapping, form);       // empty and rows[i].error said why
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "forms/form.h"
#include "web/request.h"

namespace aiguillage::web {

inline constexpr const char* kIgnoredChamp = "-";  // MappingRow::to of what carries nothing for us

struct MappingRow {
  std::string champ, parent;  // ids; parent: of the repeated block it stands in
  std::string label;          // in DS; the mapping's where DS has none
  std::string descriptor;     // "TextChampDescriptor", "" when the démarche no longer has it
  std::string state;          // mapped ignored unmapped retyped renamed gone unread
  std::string was;            // renamed: the label that the mapping knows
  std::string to;             // our field, kIgnoredChamp, "" for none
  std::string conversion;     // "" = the first that fits
  std::string choices;        // name of the list that translates it
  std::vector<std::string> unknown_words;  // options of DS that this list does not translate
  bool required = false, suggested = false;
  std::string error;  // French
};

// `revision` null: the démarche was never read, all rows are « unread ».
std::vector<MappingRow> MappingRows(const nlohmann::json& mapping, const nlohmann::json& revision,
                                    const forms::Form& form);
void TakeChoices(std::vector<MappingRow>& rows, const Request& request);
// Keeps of `base` what the rows do not say (annotations, lists of choices, holder). Nothing when a
// row was refused, or `trouble` says what is wrong with the whole.
std::optional<nlohmann::json> MappingFrom(std::vector<MappingRow>& rows, const nlohmann::json& base,
                                          const forms::Form& form, std::string& trouble);

// Our fields that something of this row can go into: top-level ones, or the columns of the block's.
std::vector<const forms::Field*> FieldsFor(const MappingRow& row,
                                           const std::vector<MappingRow>& rows,
                                           const forms::Form& form);

}  // namespace aiguillage::web
