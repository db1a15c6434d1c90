#include "storage/text_words.h"

#include <cstdint>
#include <cstring>
#include <unordered_map>

namespace aiguillage::storage {
namespace {

// Longer words are cut: a database keeps at most 2,046 bytes of one.
constexpr std::size_t kWordMax = 200;

struct Accented {
  char32_t letter;
  const char32_t* forms;
};
// Unicode's own decompositions, U+00C0 to U+024F and U+1E00 to U+1EFF.
const Accented kAccented[] = {
    {U'a', U"ÀÁÂÃÄÅàáâãäåĀāĂăĄąǍǎǞǟǠǡǺǻȀȁȂȃȦȧḀḁẠạẢảẤấẦầẨẩẪẫẬậẮắẰằẲẳẴẵẶặ"},
    {U'b', U"ḂḃḄḅḆḇ"},
    {U'c', U"ÇçĆćĈĉĊċČčḈḉ"},
    {U'd', U"ĎďḊḋḌḍḎḏḐḑḒḓ"},
    {U'e', U"ÈÉÊËèéêëĒēĔĕĖėĘęĚěȄȅȆȇȨȩḔḕḖḗḘḙḚḛḜḝẸẹẺẻẼẽẾếỀềỂểỄễỆệ"},
    {U'f', U"Ḟḟ"},
    {U'g', U"ĜĝĞğĠġĢģǦǧǴǵḠḡ"},
    {U'h', U"ĤĥȞȟḢḣḤḥḦḧḨḩḪḫẖ"},
    {U'i', U"ÌÍÎÏìíîïĨĩĪīĬĭĮįİǏǐȈȉȊȋḬḭḮḯỈỉỊị"},
    {U'j', U"Ĵĵǰ"},
    {U'k', U"ĶķǨǩḰḱḲḳḴḵ"},
    {U'l', U"ĹĺĻļĽľḶḷḸḹḺḻḼḽ"},
    {U'm', U"ḾḿṀṁṂṃ"},
    {U'n', U"ÑñŃńŅņŇňǸǹṄṅṆṇṈṉṊṋ"},
    {U'o', U"ÒÓÔÕÖòóôõöŌōŎŏŐőƠơǑǒǪǫǬǭȌȍȎȏȪȫȬȭȮȯȰȱṌṍṎṏṐṑṒṓỌọỎỏỐốỒồỔổỖỗỘộỚớỜờỞởỠỡỢợ"},
    {U'p', U"ṔṕṖṗ"},
    {U'r', U"ŔŕŖŗŘřȐȑȒȓṘṙṚṛṜṝṞṟ"},
    {U's', U"ŚśŜŝŞşŠšȘșṠṡṢṣṤṥṦṧṨṩ"},
    {U't', U"ŢţŤťȚțṪṫṬṭṮṯṰṱẗ"},
    {U'u', U"ÙÚÛÜùúûüŨũŪūŬŭŮůŰűŲųƯưǓǔǕǖǗǘǙǚǛǜȔȕȖȗṲṳṴṵṶṷṸṹṺṻỤụỦủỨứỪừỬửỮữỰự"},
    {U'v', U"ṼṽṾṿ"},
    {U'w', U"ŴŵẀẁẂẃẄẅẆẇẈẉẘ"},
    {U'x', U"ẊẋẌẍ"},
    {U'y', U"ÝýÿŶŷŸȲȳẎẏẙỲỳỴỵỶỷỸỹ"},
    {U'z', U"ŹźŻżŽžẐẑẒẓẔẕ"},
};
// Letters of their own: only their case is ignored.
const char32_t kPairs[] = U"ÆæÐðØøÞþĐđĦħĲĳĿŀŁłŊŋŒœŦŧẞß";

const std::unordered_map<char32_t, char32_t>& Folds() {
  static const auto folds = [] {
    std::unordered_map<char32_t, char32_t> map;
    for (const Accented& row : kAccented) {
      for (const char32_t* form = row.forms; *form != 0; ++form) map[*form] = row.letter;
    }
    for (const char32_t* pair = kPairs; *pair != 0; pair += 2) map[pair[0]] = pair[1];
    return map;
  }();
  return folds;
}

bool Within(char32_t c, char32_t first, char32_t last) { return c >= first && c <= last; }

char32_t Folded(char32_t c) {
  if (Within(c, U'A', U'Z')) return c + 32;
  if (c < 0x80) return c;
  if (Within(c, 0x391, 0x3A9) || Within(c, 0x410, 0x42F)) return c + 0x20;
  if (Within(c, 0x400, 0x40F)) return c + 0x50;
  const auto found = Folds().find(c);
  return found == Folds().end() ? c : found->second;
}

bool IsCombining(char32_t c) { return Within(c, 0x300, 0x36F); }

bool PartsWords(char32_t c) {
  if (c < 0x80) return !Within(c, U'0', U'9') && !Within(c, U'a', U'z') && !Within(c, U'A', U'Z');
  if (c < 0xC0) {
    const std::u32string_view letters_and_numbers = U"ªµº²³¹¼½¾";
    return letters_and_numbers.find(c) == std::u32string_view::npos;
  }
  return c == 0xD7 || c == 0xF7 || Within(c, 0x2000, 0x2BFF) || Within(c, 0x3000, 0x303F) ||
         Within(c, 0xFE00, 0xFE6F) || c == 0xFFFD || c >= 0x1F000;
}

constexpr char32_t kNone = 0xFFFFFFFF;

// The character at `at`, which moves behind it; kNone for bytes that are none.
char32_t NextCharacter(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = byte(at++);
  if (first < 0x80) return first;
  const std::size_t more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
  if (first < 0xC2 || first > 0xF4 || at + more > text.size()) return kNone;
  char32_t c = first & (0x3FU >> more);
  for (std::size_t i = 0; i < more; ++i) {
    if ((byte(at) & 0xC0U) != 0x80U) return kNone;
    c = (c << 6U) | (byte(at++) & 0x3FU);
  }
  const char32_t least = more == 3 ? 0x10000 : more == 2 ? 0x800 : 0x80;
  return c < least || c > 0x10FFFF || Within(c, 0xD800, 0xDFFF) ? kNone : c;
}

void AppendCharacter(std::string& text, char32_t c) {
  const auto add = [&](char32_t byte) { text += static_cast<char>(byte); };
  if (c < 0x80) return add(c);
  if (c < 0x800) {
    add(0xC0U | (c >> 6U));
  } else {
    if (c < 0x10000) {
      add(0xE0U | (c >> 12U));
    } else {
      add(0xF0U | (c >> 18U));
      add(0x80U | ((c >> 12U) & 0x3FU));
    }
    add(0x80U | ((c >> 6U) & 0x3FU));
  }
  add(0x80U | (c & 0x3FU));
}

}  // namespace

bool IsUtf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    std::uint64_t eight = 0;  // ASCII by the stretch
    if (at + sizeof eight <= text.size()) {
      std::memcpy(&eight, text.data() + at, sizeof eight);
      if ((eight & 0x8080808080808080U) == 0) {
        at += sizeof eight;
        continue;
      }
    }
    if (NextCharacter(text, at) == kNone) return false;
  }
  return true;
}

std::vector<std::string> TextWords(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  const auto end_word = [&] {
    if (!word.empty()) words.push_back(std::move(word));
    word.clear();
  };
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = NextCharacter(text, at);
    if (IsCombining(c)) continue;
    if (PartsWords(c)) {
      end_word();
    } else if (word.size() < kWordMax) {
      AppendCharacter(word, Folded(c));
    }
  }
  end_word();
  return words;
}

}  // namespace aiguillage::storage
