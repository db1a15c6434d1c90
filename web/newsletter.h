// The draft of a newsletter: what was published in a month, by collection, ready to be taken along
// as HTML or Markdown.
//
//   const auto letter = ReadNewsletter(session, "2027-05", shown);
//   letter.groups[0].label == "Numérique"     letter.groups[0].items[0].title
//   MarkdownOf(letter)     # Les formations publiées en mai 2027 …
//
// Titles and descriptions are what people typed: in both they are text and nothing else, whatever
// signs they hold. A month in which nothing was published says so.
#pragma once

#include <string>
#include <vector>

#include "storage/database.h"
#include "web/access.h"
#include "web/response.h"
#include "web/visit.h"

namespace aiguillage::web {

struct NewsletterItem {
  std::string number, title, description;  // description: one line, "" without
  std::string url;                         // "" when the address is none to link to
  std::string day;                         // ISO
};
struct NewsletterGroup {
  std::string label;  // of the collection, « Sans collection »
  std::vector<NewsletterItem> items;
};
struct Newsletter {
  std::string month;  // "2027-05"
  std::vector<NewsletterGroup> groups;
  std::string Title() const;  // « Les formations publiées en mai 2027 »
};

// "2027-05" only; until `today`.
bool IsMonth(const std::string& text);
std::string MonthAfter(const std::string& month, int months);  // before: negative
Newsletter ReadNewsletter(storage::Session& session, const std::string& month,
                          const std::string& today, const CallsShown& shown);
std::string MarkdownOf(const Newsletter& letter);  // CommonMark, as GitHub reads it too
std::string HtmlOf(const Newsletter& letter);      // a fragment without style

// pages/newsletter.cpp
Response NewsletterPage(Visit& visit);  // ?mois=2027-05
Response NewsletterMarkdown(Visit& visit);
Response NewsletterHtml(Visit& visit);

}  // namespace aiguillage::web
